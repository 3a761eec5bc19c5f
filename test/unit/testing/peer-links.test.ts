// Values between simulated processes: what goes wrong on their way, and what whoever asked hears of it.
import { encodeValue, flowRunId, taskRunId } from "@millrace/core/seam";
import type { BetweenPeers } from "@millrace/distributed/seam";
import { SeededRandom, VirtualWorld } from "@millrace/testing/seam";
import { expect, test } from "vitest";
import { Network } from "../../../packages/testing/src/simulator/network.js";
import type { PeerFault } from "../../../packages/testing/src/simulator/peer-link.js";
import { Peers } from "../../../packages/testing/src/simulator/peers.js";
import { SimProcess } from "../../../packages/testing/src/simulator/sim-process.js";

const PEER = 1;
const run = flowRunId("run");
const value = encodeValue("a value of some tens of bytes, in pieces");

/** One process that asks one that holds; `goesWrong`: these, each time. */
function pair(...goesWrong: readonly PeerFault[]) {
  const random = new SeededRandom(5);
  let tell = (): void => undefined;
  const world = new VirtualWorld(
    random,
    () => undefined,
    () => tell(),
  );
  const heard: string[] = [];
  const process = new SimProcess(world);
  const startMs = world.now();
  const asker = {
    world: process,
    fromPeer: ({ kind }: BetweenPeers) => heard.push(kind),
    requestEnded: (request: number) => heard.push(`ended ${request}`),
  };
  const holder = { process: new SimProcess(world), find: () => () => value, slowUntilMs: 0 };
  let isThere = true;
  const around = {
    network: new Network(world, random),
    random: new SeededRandom(2),
    goesWrong: (kind: PeerFault) => goesWrong.includes(kind),
    note: () => undefined,
  };
  const peers = new Peers(around, () => (isThere ? holder : undefined));
  return {
    heard,
    holder,
    passedMs: () => world.now() - startMs,
    after: (ms: number, step: () => void) => world.wakeAt(startMs + ms, step),
    want: (request: number) =>
      peers.say(asker, PEER, {
        kind: "wanted",
        request,
        run,
        values: [{ first: taskRunId(1), count: 1, attempt: 1 }],
        elements: undefined,
      }),
    unwant: (request: number) => peers.say(asker, PEER, { kind: "unwanted", request }),
    holderDies: () => {
      isThere = false;
      peers.died({ ...asker }, PEER);
    },
    askerDies: () => peers.died(asker, PEER + 1),
    quiet: () =>
      new Promise<void>((resolve) => {
        tell = resolve;
        world.later(() => undefined);
      }),
  };
}

test("a value comes in pieces, and then the end of its request", async () => {
  const { heard, want, quiet } = pair();
  want(1);
  await quiet();
  expect(heard.at(-1)).toBe("missing");
  expect(heard.slice(0, -1).every((kind) => kind === "piece")).toBe(true);
});

test("a slow peer takes longer than a request may stand still, and something comes all the time", async () => {
  const { heard, want, quiet, after, passedMs } = pair("slow");
  want(1);
  let before = 0;
  after(10_000, () => {
    before = heard.length;
  });
  await quiet();
  expect(passedMs()).toBeGreaterThan(12_000);
  expect(before).toBeGreaterThan(2);
  expect(heard.at(-1)).toBe("missing");
});

test("a link that ends in the middle of a value ends its request, and the next one goes over another link", async () => {
  const { heard, want, quiet } = pair("peerCut");
  want(1);
  await quiet();
  expect(heard.at(-1)).toBe("ended 1");
  expect(heard).not.toContain("missing");
  want(2);
  await quiet();
  expect(heard.at(-1)).toBe("ended 2");
});

test("of what is not wanted any more nothing comes", async () => {
  const { heard, want, unwant, quiet, after } = pair("slow");
  want(1);
  let before = 0;
  after(8_000, () => unwant(1));
  after(9_000, () => {
    before = heard.length;
  });
  await quiet();
  expect(before).toBeGreaterThan(1);
  expect(heard).toHaveLength(before);
});

test("a holder that dies ends what it sends, and nobody is there until it is back", async () => {
  const { heard, want, quiet, after, holderDies } = pair("slow");
  want(1);
  after(8_000, holderDies);
  after(9_000, () => want(2));
  await quiet();
  expect(heard).not.toContain("missing");
  expect(heard.at(-1)).toBe("ended 2");
});

test("an asker that dies hears nothing of what it had asked", async () => {
  const { heard, want, quiet, after, askerDies } = pair("slow");
  want(1);
  let before = 0;
  after(8_000, () => {
    askerDies();
    before = heard.length;
  });
  await quiet();
  expect(heard).toHaveLength(before);
});

test("what stands still sends nothing, and goes on", async () => {
  const { heard, holder, want, quiet, after } = pair("slow");
  holder.process.pause(30_000);
  want(1);
  let before = 0;
  after(29_000, () => {
    before = heard.length;
  });
  await quiet();
  expect(before).toBe(0);
  expect(heard.at(-1)).toBe("missing");
});
