// What a bad frame, and a link that ends and comes back at once, leave of a session: what it was, to the last field.
import { inspect } from "node:util";
import {
  DialledSession,
  type DiallingEffect,
  FROM_WORKER,
  type FromWorker,
  HANDSHAKE,
  type ListeningEffect,
  PROTOCOL_VERSION,
  Sessions,
  TO_WORKER,
  type ToWorker,
  writeFrame,
} from "@millrace/distributed/seam";
import { describe, expect, test } from "vitest";
import { gone, status } from "../../support/session-messages.js";

const ways = { out: TO_WORKER, into: FROM_WORKER };
const lineOf = (of: object | undefined): unknown => (of === undefined ? undefined : Reflect.get(of, "line"));
/** All fields, private ones too, but for the memory that it writes frames in. */
function fieldsOf(line: unknown): string {
  if (typeof line !== "object") throw new Error("there is no line");
  const fields = { ...line, writer: undefined, ways: undefined };
  return inspect(fields, { depth: 20, maxArrayLength: null, maxStringLength: null });
}

function changed(frame: Uint8Array, at: number, value: number): Uint8Array {
  const other = frame.slice();
  other[at] = value;
  return other;
}

/** `write`: a frame of that number that is good but for it. */
const badFrames = (
  write: (seq: number) => Uint8Array,
  sayKind: (kind: "heartbeatAck" | "welcome") => Uint8Array,
): Record<string, Uint8Array> => ({
  "of an unknown kind": changed(write(3), 2, 250),
  "of the other way": changed(write(3), 2, 33),
  "of another version": changed(write(3), 1, PROTOCOL_VERSION + 1),
  "that is no frame": changed(write(3), 0, 0),
  "that is longer than it says": changed(write(3), 16, 0),
  "that is shorter than it says": changed(write(3), 16, 255),
  "that says more than its kind may": changed(write(3), 19, 255),
  "that ends in its head": write(3).slice(0, 10),
  "that ends in its body": write(3).slice(0, -1),
  "with a changed body": changed(write(3), write(3).length - 1, 99),
  "with a changed number": changed(write(3), 8, 4),
  "that does not follow on": write(4),
  "that has seen what was never sent": sayKind("heartbeatAck"),
  "that has no place there": sayKind("welcome"),
});

const welcome = (epoch: number) =>
  ({
    kind: "welcome",
    session: "s1",
    epoch,
    release: "1",
    heartbeatMs: 2_000,
    resumedFrom: undefined,
    nonce: epoch,
  }) as const;

class Listening {
  readonly sessions = new Sessions<ToWorker, FromWorker>({
    role: "worker",
    ways,
    release: "1",
    newId: () => `s${++this.made}`,
  });
  readonly effects: ListeningEffect<FromWorker>[] = [];
  private made = 0;

  link(link: number, nonce: number, session?: string, lastSeen = 0): void {
    this.sessions.linkOpened(link, 0, this.effects);
    const hello = { kind: "hello", role: "worker", protocol: PROTOCOL_VERSION, release: "1", name: "a" } as const;
    const bytes = writeFrame(HANDSHAKE, { ...hello, session, epoch: 0, lastSeen, nonce }, 0, 0);
    this.sessions.bytes(link, bytes, 0, this.effects);
  }

  /** Two messages each way, of which one was seen. */
  talk(link: number, id: string): void {
    this.sessions.send(id, [gone(1)], 0, this.effects);
    this.sessions.send(id, [gone(2)], 0, this.effects);
    for (const seq of [1, 2])
      this.sessions.bytes(link, writeFrame(FROM_WORKER, status(seq), link, seq), 0, this.effects);
    this.sessions.bytes(link, writeFrame(FROM_WORKER, { kind: "heartbeat", seen: 1 }, link, 0), 0, this.effects);
  }

  get lost(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === "lost" ? [effect.reason] : []));
  }
}

describe("the side that listens", () => {
  const frames = badFrames(
    (seq) => writeFrame(FROM_WORKER, status(7), 1, seq),
    (kind) =>
      kind === "welcome"
        ? writeFrame(FROM_WORKER, welcome(1), 1, 0)
        : writeFrame(FROM_WORKER, { kind, seen: 99 }, 1, 0),
  );

  test.each(Object.entries(frames))("a frame %s ends the link, and the session is what it was", (_, bytes) => {
    const side = new Listening();
    side.link(1, 1);
    side.talk(1, "s1");
    const line = (): string => fieldsOf(lineOf(side.sessions.byId.get("s1")));
    const before = line();
    side.effects.length = 0;
    side.sessions.bytes(1, bytes, 0, side.effects);
    expect(side.effects.filter(({ kind }) => kind !== "wakeAt")).toEqual([
      { kind: "close", link: 1, reason: "BAD_FRAME" },
    ]);
    expect(line()).toBe(before);
    side.sessions.validate();
  });

  test("a worker whose link ends and comes back within a millisecond goes on with the session that it had", () => {
    const side = new Listening();
    side.link(1, 1);
    side.talk(1, "s1");
    const { sessions } = side;
    const before = fieldsOf(lineOf(sessions.byId.get("s1")));
    sessions.linkClosed(1, 0, side.effects);
    side.link(2, 2, "s1", 1);
    expect([...sessions.byId.keys(), ...side.lost]).toEqual(["s1"]);
    const after = sessions.byId.get("s1");
    expect(after?.line.epoch).toBe(2);
    if (after !== undefined) after.line.epoch = 1;
    expect(fieldsOf(lineOf(after))).toBe(before);
  });

  test.each([
    ["says bye", true],
    ["dies", false],
  ])(
    "a worker that %s and comes back under its name within a millisecond has nothing of the session before",
    (_, bye) => {
      const side = new Listening();
      side.link(1, 1);
      const fresh = fieldsOf(lineOf(side.sessions.byId.get("s1")));
      side.talk(1, "s1");
      if (bye)
        side.sessions.bytes(1, writeFrame(FROM_WORKER, { kind: "bye", reason: "leaves" }, 1, 0), 0, side.effects);
      side.link(2, 2);
      expect([...side.sessions.byId.keys(), ...side.lost]).toEqual(["s2", bye ? "ENDED" : "REPLACED"]);
      const after = side.sessions.byId.get("s2");
      if (after !== undefined) after.line.epoch = 1;
      expect(fieldsOf(lineOf(after))).toBe(fresh);
      // What the one before still says is not heard.
      side.effects.length = 0;
      side.sessions.bytes(1, writeFrame(FROM_WORKER, status(3), 1, 3), 0, side.effects);
      expect(side.effects).toEqual([]);
      side.sessions.validate();
    },
  );
});

describe("the side that dials", () => {
  const frames = badFrames(
    (seq) => writeFrame(TO_WORKER, gone(7), 1, seq),
    (kind) =>
      kind === "welcome" ? writeFrame(TO_WORKER, welcome(1), 1, 0) : writeFrame(TO_WORKER, { kind, seen: 99 }, 1, 0),
  );

  test.each(Object.entries(frames))("a frame %s ends the link, and the session is what it was", (_, bytes) => {
    const session = new DialledSession<FromWorker, ToWorker>({
      role: "worker",
      name: "a",
      ways: { out: FROM_WORKER, into: TO_WORKER },
      release: "1",
    });
    const effects: DiallingEffect<ToWorker>[] = [];
    session.start(0, effects);
    session.linkOpened(1, 1, 0, effects);
    session.bytes(1, writeFrame(HANDSHAKE, welcome(1), 1, 0), 0, effects);
    session.send([status(1)], 0, effects);
    session.send([status(2)], 0, effects);
    for (const seq of [1, 2]) session.bytes(1, writeFrame(TO_WORKER, gone(seq), 1, seq), 0, effects);
    session.bytes(1, writeFrame(TO_WORKER, { kind: "heartbeatAck", seen: 1 }, 1, 0), 0, effects);
    const before = fieldsOf(lineOf(session));
    effects.length = 0;
    session.bytes(1, bytes, 0, effects);
    expect(effects.filter(({ kind }) => kind !== "wakeAt")).toEqual([{ kind: "close", link: 1, reason: "BAD_FRAME" }]);
    expect(fieldsOf(lineOf(session))).toBe(before);
    expect(session.state).toBe("waiting");
    session.validate();
  });
});
