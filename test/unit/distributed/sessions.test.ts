// Both sides of a session, case by case. The rows of reliability's tables stand in brackets.
import {
  DialledSession,
  type DiallingEffect,
  FROM_WORKER,
  type FromWorker,
  HANDSHAKE,
  type ListeningEffect,
  PROTOCOL_VERSION,
  type SessionMessage,
  Sessions,
  TO_WORKER,
  type ToWorker,
  writeFrame,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { gone, status } from "../../support/session-messages.js";
import { NO_NETWORK_FAULTS, SessionNetwork } from "../../support/session-network.js";

let lastNonce = 0;
const hello = (more: Partial<Extract<SessionMessage, { kind: "hello" }>> = {}): Uint8Array =>
  writeFrame(
    HANDSHAKE,
    {
      kind: "hello",
      role: "worker",
      protocol: PROTOCOL_VERSION,
      release: "1",
      name: "a",
      session: undefined,
      epoch: 0,
      lastSeen: 0,
      nonce: ++lastNonce,
      ...more,
    },
    0,
    0,
  );

class Listening {
  nowMs = 0;
  readonly sessions = new Sessions<ToWorker, FromWorker>({
    role: "worker",
    ways: { out: TO_WORKER, into: FROM_WORKER },
    release: "1",
    newId: () => `s${++this.made}`,
    options: { resumeMs: 30_000 },
  });
  private made = 0;

  on(step: (effects: ListeningEffect<FromWorker>[]) => void): readonly string[] {
    const effects: ListeningEffect<FromWorker>[] = [];
    step(effects);
    this.sessions.validate();
    return effects.flatMap((effect) => {
      switch (effect.kind) {
        case "opened":
          return [`opened ${effect.session}${effect.isNew ? " new" : ""}`];
        case "lost":
          return [`lost ${effect.session} ${effect.reason}`];
        case "close":
          return [`close ${effect.link} ${effect.reason}`];
        case "received":
          return [
            `received ${effect.messages.map((message) => (message.kind === "status" ? message.running : message.kind)).join(",")}`,
          ];
        case "send":
          return [`send ${effect.link}`];
        case "wakeAt":
          return [];
        default:
          return effect satisfies never;
      }
    });
  }

  link(link: number, bytes: Uint8Array): readonly string[] {
    this.on((effects) => this.sessions.linkOpened(link, this.nowMs, effects));
    return this.bytes(link, bytes);
  }

  bytes(link: number, bytes: Uint8Array): readonly string[] {
    return this.on((effects) => this.sessions.bytes(link, bytes, this.nowMs, effects));
  }

  closed(link: number): readonly string[] {
    return this.on((effects) => this.sessions.linkClosed(link, this.nowMs, effects));
  }

  /** In the pace of its own wake-ups. */
  pass(ms: number): readonly string[] {
    const told: string[] = [];
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(end, this.nowMs + 500);
      told.push(...this.on((effects) => this.sessions.woke(this.nowMs, effects)));
    }
    return told;
  }
}

test("who says hello has a session, and what it says then is received once and in order", () => {
  const side = new Listening();
  expect(side.link(1, hello())).toEqual(["send 1", "opened s1 new"]);
  const first = writeFrame(FROM_WORKER, status(1), 1, 1);
  expect(side.bytes(1, first)).toEqual(["received 1"]);
  expect(side.bytes(1, first)).toEqual([]);
  expect(side.bytes(1, writeFrame(FROM_WORKER, status(2), 1, 2))).toEqual(["received 2"]);
});

test("a message that does not follow on ends the link, and nothing of it is taken [N8]", () => {
  const side = new Listening();
  side.link(1, hello());
  expect(side.bytes(1, writeFrame(FROM_WORKER, status(3), 1, 3))).toEqual(["close 1 BAD_FRAME"]);
  expect(side.sessions.bad.get("FRAME_ORDER")).toBe(1);
  // The session goes on over the next link, from where it was.
  expect(side.link(2, hello({ session: "s1" }))).toEqual(["send 2", "opened s1"]);
  expect(side.bytes(2, writeFrame(FROM_WORKER, status(1), 2, 1))).toEqual(["received 1"]);
});

test("what came before a bad frame is taken, the frame is counted by its code, and the link ends [N9]", () => {
  const side = new Listening();
  side.link(1, hello());
  const [good, bad] = [writeFrame(FROM_WORKER, status(1), 1, 1), writeFrame(FROM_WORKER, status(2), 1, 2)];
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
  expect(side.bytes(1, new Uint8Array([...good, ...bad]))).toEqual(["received 1", "close 1 BAD_FRAME"]);
  expect([...side.sessions.bad]).toEqual([["FRAME_CHECKSUM", 1]]);
  expect(side.link(2, hello({ session: "s1" }))).toEqual(["send 2", "opened s1"]);
  expect(side.bytes(2, writeFrame(FROM_WORKER, status(2), 2, 2))).toEqual(["received 2"]);
});

test("a session whose links all end with a bad frame is over at the third; one that brings something in between goes on", () => {
  const spoiled = (epoch: number, seq: number): Uint8Array => {
    const bad = writeFrame(FROM_WORKER, status(seq), epoch, seq);
    bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
    return bad;
  };
  const side = new Listening();
  side.link(1, hello());
  expect(side.bytes(1, spoiled(1, 1))).toEqual(["close 1 BAD_FRAME"]);
  side.link(2, hello({ session: "s1" }));
  expect(side.bytes(2, spoiled(2, 1))).toEqual(["close 2 BAD_FRAME"]);
  side.link(3, hello({ session: "s1" }));
  side.bytes(3, writeFrame(FROM_WORKER, status(1), 3, 1));
  for (const link of [3, 4, 5]) {
    if (link > 3) side.link(link, hello({ session: "s1" }));
    const told = side.bytes(link, spoiled(link, 2));
    expect(told).toEqual([`close ${link} BAD_FRAME`, ...(link === 5 ? ["lost s1 BAD_FRAMES"] : [])]);
  }
  expect(side.link(6, hello({ session: "s1" }))).toEqual(["send 6", "opened s2 new"]);
});

test("a worker's session outlives a stall of this process that is shorter than a second [S7]", () => {
  const sessions = new Sessions<ToWorker, FromWorker>({
    role: "worker",
    ways: { out: TO_WORKER, into: FROM_WORKER },
    release: "1",
    newId: () => "s1",
  });
  const effects: ListeningEffect<FromWorker>[] = [];
  sessions.linkOpened(1, 0, effects);
  sessions.bytes(1, hello(), 0, effects);
  sessions.woke(250, effects);
  sessions.linkClosed(1, 300, effects);
  // It was to wake at 500, and stood still until 1,400: the worker dialled again meanwhile, and was not heard.
  sessions.woke(1_400, effects);
  expect(effects.filter(({ kind }) => kind === "lost")).toEqual([]);
  sessions.linkOpened(2, 1_401, effects);
  sessions.bytes(2, hello({ session: "s1" }), 1_401, effects);
  expect(effects.filter(({ kind }) => kind === "opened")).toMatchObject([{ isNew: true }, { isNew: false }]);
});

test("a frame of an older link is not heard, neither what it says nor what it has seen", () => {
  const side = new Listening();
  side.link(1, hello());
  side.on((effects) => void side.sessions.send("s1", [gone(1)], 0, effects));
  side.link(2, hello({ session: "s1" }));
  expect(side.bytes(2, writeFrame(FROM_WORKER, status(1), 1, 1))).toEqual([]);
  expect(side.bytes(2, writeFrame(FROM_WORKER, { kind: "heartbeat", seen: 1 }, 1, 0))).toEqual([]);
  // It was not seen: it is sent over the next one again.
  expect(side.link(3, hello({ session: "s1" }))).toEqual(["close 2 REPLACED", "send 3", "send 3", "opened s1"]);
});

test("a worker of the same name that knows nothing is another one: the old session is lost at once [W11]", () => {
  const side = new Listening();
  side.link(1, hello());
  expect(side.link(2, hello())).toEqual(["close 1 REPLACED", "lost s1 REPLACED", "send 2", "opened s2 new"]);
  expect(side.bytes(1, writeFrame(FROM_WORKER, status(1), 1, 1))).toEqual([]);
});

test("a hello that comes once more, or late, is not heard: the session goes on", () => {
  const side = new Listening();
  const first = hello();
  side.link(1, first);
  side.closed(1);
  expect(side.link(2, first)).toEqual(["close 2 BAD_FRAME"]);
  expect(side.link(3, hello({ session: "s1" }))).toEqual(["send 3", "opened s1"]);
  expect(side.link(4, first)).toEqual(["close 4 BAD_FRAME"]);
  expect(side.bytes(3, writeFrame(FROM_WORKER, status(1), 2, 1))).toEqual(["received 1"]);
});

test("a session whose link has ended waits to be resumed, and is lost when it was not", () => {
  const side = new Listening();
  side.link(1, hello());
  side.closed(1);
  expect(side.pass(29_000)).toEqual([]);
  expect(side.pass(1_500)).toEqual(["lost s1 NOT_RESUMED"]);
  expect(side.link(2, hello({ session: "s1" }))).toEqual(["send 2", "opened s2 new"]);
});

test("a worker that dies is missed within a second, unless something else is said", () => {
  const sessions = new Sessions<ToWorker, FromWorker>({
    role: "worker",
    ways: { out: TO_WORKER, into: FROM_WORKER },
    release: "1",
    newId: () => "s1",
  });
  const effects: ListeningEffect<FromWorker>[] = [];
  sessions.linkOpened(1, 0, effects);
  sessions.bytes(1, hello(), 0, effects);
  sessions.linkClosed(1, 100, effects);
  const wakes = (): number =>
    effects.reduce((least, effect) => (effect.kind === "wakeAt" && effect.atMs > nowMs ? effect.atMs : least), nowMs);
  let nowMs = 100;
  while (sessions.byId.size > 0 && nowMs < 5_000) {
    nowMs = wakes();
    sessions.woke(nowMs, effects);
  }
  expect(effects.find((effect) => effect.kind === "lost")).toMatchObject({ reason: "NOT_RESUMED" });
  expect(nowMs).toBeLessThan(1_000);
});

test("a link on which nothing comes is closed after its lease, and not before [N1]", () => {
  const side = new Listening();
  side.link(1, hello());
  expect(side.pass(14_500)).toEqual([]);
  expect(side.pass(1_000)).toEqual(["close 1 SILENT"]);
});

test("a time in which the scheduler itself stood still counts for nobody [S7]", () => {
  const side = new Listening();
  side.link(1, hello());
  side.pass(2_000);
  side.nowMs += 60_000;
  expect(side.on((effects) => side.sessions.woke(side.nowMs, effects))).toEqual([]);
  expect(side.pass(10_000)).toEqual([]);
  expect(side.pass(6_000)).toEqual(["close 1 SILENT"]);
});

test.each([
  ["another role", hello({ role: "client" }), "WRONG_ROLE"],
  ["another version", hello({ protocol: 99 }), "WRONG_VERSION"],
])("%s is refused with its code, and the link ends", (_, bytes, code) => {
  const side = new Listening();
  const effects: ListeningEffect<FromWorker>[] = [];
  side.sessions.linkOpened(1, 0, effects);
  side.sessions.bytes(1, bytes, 0, effects);
  const said = effects.flatMap((effect) => (effect.kind === "send" ? [effect.bytes] : []));
  expect(new TextDecoder().decode(said[0])).toContain(code);
  expect(effects.some((effect) => effect.kind === "close")).toBe(true);
  expect(side.sessions.byId.size).toBe(0);
});

test.each([
  ["something else than a frame", new Uint8Array(64)],
  ["a message that is no hello", writeFrame(HANDSHAKE, { kind: "heartbeat", seen: 0 }, 0, 0)],
  ["a message of a worker", writeFrame(FROM_WORKER, status(1), 0, 1)],
])("%s before a hello ends the link", (_, bytes) => {
  const side = new Listening();
  expect(side.link(1, bytes)).toEqual(["close 1 BAD_FRAME"]);
  expect(side.sessions.byId.size).toBe(0);
});

test("who says nothing is closed", () => {
  const side = new Listening();
  side.on((effects) => side.sessions.linkOpened(1, 0, effects));
  expect(side.pass(5_500)).toEqual(["close 1 SILENT"]);
});

test("a session that says bye is over: nobody resumes it", () => {
  const side = new Listening();
  side.link(1, hello());
  const bye = writeFrame(FROM_WORKER, { kind: "bye", reason: "done" }, 1, 0);
  const last = writeFrame(FROM_WORKER, status(1), 1, 1);
  expect(side.bytes(1, new Uint8Array([...last, ...bye]))).toEqual(["received 1", "close 1 ENDED", "lost s1 ENDED"]);
  expect(side.link(2, hello({ session: "s1" }))).toEqual(["send 2", "opened s2 new"]);
});

test("one that has seen more than was sent does not go on with the session", () => {
  const side = new Listening();
  side.link(1, hello());
  side.closed(1);
  expect(side.link(2, hello({ session: "s1", lastSeen: 5 }))).toEqual(["lost s1 REPLACED", "send 2", "opened s2 new"]);
});

test("what is received by the hundred is acknowledged without waiting for a heartbeat", () => {
  const side = new Listening();
  side.link(1, hello());
  const frames = Array.from({ length: 256 }, (_, i) => writeFrame(FROM_WORKER, status(i), 1, i + 1));
  const told = frames.flatMap((frame) => side.bytes(1, frame));
  expect(told.filter((line) => line === "send 1")).toHaveLength(1);
});

test("who does not acknowledge is full, and says so to whoever sends", () => {
  const side = new Listening();
  side.link(1, hello());
  const effects: ListeningEffect<FromWorker>[] = [];
  const many = Array.from({ length: 4_096 }, (_, i) => gone(i));
  const took = Array.from({ length: 17 }, () => side.sessions.send("s1", many, 0, effects));
  expect(took.indexOf(false)).toBe(16);
});

test("both ways go on after a link that dies every two seconds [N6]", () => {
  const net = new SessionNetwork(1, NO_NETWORK_FAULTS);
  const peer = net.addPeer("a");
  for (let i = 0; i < 60; i++) {
    net.run(net.nowMs + 500);
    peer.say();
    for (const id of net.sessions.byId.keys()) net.say(id);
    if (i % 4 === 3 && peer.link !== undefined) net.cut(peer.link);
  }
  net.run(net.nowMs + 5_000);
  expect(net.problems()).toEqual([]);
  expect(net.unheard()).toEqual([]);
  expect(net.lost).toEqual([]);
  expect(peer.life.said).toBe(60);
});

test.each([0, 1] as const)(
  "a link of which one way is dead is given up, and the session goes on [N2, way %s]",
  (way) => {
    const net = new SessionNetwork(2, NO_NETWORK_FAULTS);
    const peer = net.addPeer("a");
    net.run(net.nowMs + 1_000);
    const { link } = peer;
    if (link === undefined) throw new Error("it is not linked");
    link.isMute[way] = true;
    peer.say();
    for (const id of net.sessions.byId.keys()) net.say(id);
    net.run(net.nowMs + 20_000);
    expect(peer.link?.id).not.toBe(link.id);
    expect(net.problems()).toEqual([]);
    expect(net.unheard()).toEqual([]);
    expect(net.lost).toEqual([]);
  },
);

class Dialling {
  readonly session = new DialledSession<FromWorker, ToWorker>({
    role: "worker",
    name: "a",
    ways: { out: FROM_WORKER, into: TO_WORKER },
    release: "1",
  });

  on(step: (effects: DiallingEffect<ToWorker>[]) => void): readonly string[] {
    const effects: DiallingEffect<ToWorker>[] = [];
    step(effects);
    this.session.validate();
    return effects.flatMap((effect) =>
      effect.kind === "wakeAt" ? [] : ["reason" in effect ? `${effect.kind} ${effect.reason}` : effect.kind],
    );
  }

  welcome(link: number, more: Partial<Extract<SessionMessage, { kind: "welcome" }>> = {}): readonly string[] {
    const message = {
      kind: "welcome",
      session: "s1",
      epoch: link,
      release: "1",
      heartbeatMs: 2_000,
      resumedFrom: undefined,
      nonce: link,
      ...more,
    } as const;
    return this.on((effects) => this.session.bytes(link, writeFrame(HANDSHAKE, message, link, 0), 0, effects));
  }

  link(link: number): readonly string[] {
    return this.on((effects) => this.session.linkOpened(link, link, 0, effects));
  }
}

test("a side that was told that the other one does not keep up is told when it does again, once", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  const many = Array.from({ length: 65_536 }, (_, i) => status(i));
  expect(side.session.send(many, 0, [])).toBe(true);
  expect(side.session.send([status(1)], 0, [])).toBe(false);
  const ack = (seen: number): readonly string[] =>
    side.on((effects) =>
      side.session.bytes(1, writeFrame(TO_WORKER, { kind: "heartbeatAck", seen }, 1, 0), 0, effects),
    );
  expect(ack(65_536)).toEqual(["drained"]);
  expect(ack(65_537)).toEqual([]);
  // Also where a resumed link says it.
  expect([side.session.send(many, 0, []), side.session.send([status(1)], 0, [])]).toEqual([true, false]);
  side.on((effects) => side.session.linkClosed(1, 0, effects));
  side.on((effects) => side.session.woke(60, effects));
  side.link(2);
  expect(side.welcome(2, { resumedFrom: 131_073 })).toContain("drained");
});

test("a time in which the dialling side itself stood still counts for nobody, whatever comes first after it [S7]", () => {
  const ack = writeFrame(TO_WORKER, { kind: "heartbeatAck", seen: 0 }, 1, 0);
  const open = (): Dialling => {
    const side = new Dialling();
    side.on((effects) => side.session.start(0, effects));
    side.link(1);
    side.welcome(1);
    return side;
  };
  const silent = (side: Dialling): readonly string[] =>
    [60_000, 62_000, 64_000, 66_000, 68_000].flatMap((nowMs) =>
      side.on((effects) => side.session.woke(nowMs, effects)),
    );
  // Of the 10 s 2 had passed.
  const late = ["send", "send", "send", "send", "close SILENT"];
  expect(silent(open())).toEqual(late);
  const sending = open();
  for (let i = 0; i < 3; i++) sending.on((effects) => void sending.session.send([status(1)], 60_000, effects));
  expect(silent(sending)).toEqual(late);
  const heard = open();
  heard.on((effects) => heard.session.bytes(1, ack, 60_000, effects));
  expect(silent(heard)).toEqual(["send", "send", "send", "send", "send"]);
  expect(heard.on((effects) => heard.session.woke(70_000, effects))).toEqual(["close SILENT"]);
});

test("what is said before there is a link goes first over it", () => {
  const side = new Dialling();
  expect(side.on((effects) => side.session.start(0, effects))).toEqual(["dial"]);
  expect(side.on((effects) => void side.session.send([status(1)], 0, effects))).toEqual([]);
  expect(side.link(1)).toEqual(["send"]);
  expect(side.welcome(1)).toEqual(["send", "opened"]);
});

test("where the other side knows nothing of the session any more, that is told before the new one is", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  side.on((effects) => void side.session.send([status(1)], 0, effects));
  side.on((effects) => side.session.linkClosed(1, 0, effects));
  expect(side.on((effects) => side.session.woke(60, effects))).toEqual(["dial"]);
  side.link(2);
  // What was said and not heard is not said again to somebody who knows nothing.
  expect(side.welcome(2, { session: "s2" })).toEqual(["lost FORGOTTEN", "opened"]);
});

test("a welcome of another hello is not its own", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  expect(side.welcome(1, { nonce: 77 })).toEqual([]);
  expect(side.session.state).toBe("greeting");
});

test("one that is refused is over, and dials no more", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  const refused = writeFrame(HANDSHAKE, { kind: "refused", code: "WRONG_VERSION", message: "no" }, 0, 0);
  expect(side.on((effects) => side.session.bytes(1, refused, 0, effects))).toEqual(["refused", "close ENDED"]);
  expect(side.on((effects) => side.session.woke(1e6, effects))).toEqual([]);
  expect(side.session.send([status(1)], 0, [])).toBe(false);
});

test("tries come later and later, to a limit", () => {
  const side = new Dialling();
  const waits: number[] = [];
  const effects: DiallingEffect<ToWorker>[] = [];
  side.session.start(0, effects);
  for (let nowMs = 0, i = 0; i < 12; i++) {
    effects.length = 0;
    side.session.linkClosed(undefined, nowMs, effects);
    const wake = effects.find((effect) => effect.kind === "wakeAt");
    waits.push((wake?.kind === "wakeAt" ? wake.atMs : Number.NaN) - nowMs);
    nowMs += waits.at(-1) ?? 0;
    side.session.woke(nowMs, []);
  }
  expect(waits[0]).toBeLessThanOrEqual(50);
  expect(waits.at(-1)).toBeGreaterThan(2_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
});

test("a side that ends says bye over its link, and is over", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  expect(side.on((effects) => side.session.end("done", 0, effects))).toEqual(["send", "close ENDED"]);
  expect(side.session.state).toBe("over");
});

test("a side that ends waits until what it said was seen, over another link too, and no longer than it is told to", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  side.on((effects) => void side.session.send([status(1)], 0, effects));
  // Asks what was seen.
  expect(side.on((effects) => side.session.end("done", 0, effects, 5_000))).toEqual(["send"]);
  side.on((effects) => side.session.linkClosed(1, 10, effects));
  side.on((effects) => side.session.woke(1_000, effects));
  side.link(2);
  // The other side had not heard it: it is sent again.
  expect(side.welcome(2, { resumedFrom: 0 })).toEqual(["send", "opened"]);
  const ack = writeFrame(TO_WORKER, { kind: "heartbeatAck", seen: 1 }, 2, 0);
  expect(side.on((effects) => side.session.bytes(2, ack, 1_100, effects))).toEqual(["send", "close ENDED"]);
  expect(side.session.state).toBe("over");
});

test("a side that ends and is not heard is over when its time is up", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  side.on((effects) => void side.session.send([status(1)], 0, effects));
  side.on((effects) => side.session.end("done", 0, effects, 5_000));
  side.on((effects) => side.session.woke(4_999, effects));
  expect(side.session.state).toBe("open");
  side.on((effects) => side.session.woke(5_000, effects));
  expect(side.session.state).toBe("over");
});

test("a dialling side that hears bad frames over link after link begins anew", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  const told: string[][] = [];
  for (const link of [1, 2, 3]) {
    side.on((effects) => side.session.woke((link - 1) * 900, effects));
    side.link(link);
    side.welcome(link, link === 1 ? {} : { resumedFrom: 0 });
    const bad = writeFrame(TO_WORKER, gone(1), link, 7);
    told.push([...side.on((effects) => side.session.bytes(link, bad, 0, effects))]);
  }
  expect(told).toEqual([["close BAD_FRAME"], ["close BAD_FRAME"], ["close BAD_FRAME", "lost BAD_FRAMES"]]);
});

test("the other side's bye is told as the end", () => {
  const side = new Dialling();
  side.on((effects) => side.session.start(0, effects));
  side.link(1);
  side.welcome(1);
  const bye = writeFrame(TO_WORKER, { kind: "bye", reason: "closing" }, 1, 0);
  expect(side.on((effects) => side.session.bytes(1, bye, 0, effects))).toEqual(["lost ENDED", "close ENDED"]);
});
