// Sessions over links that die at any moment, with frames that come twice, late and from older links.
import {
  DIALLED_EVENTS,
  DIALLED_STATES,
  LISTENING_EVENTS,
  LISTENING_STATES,
  NEVER_DIALLED,
  NEVER_LISTENING,
} from "@millrace/distributed/seam";
import { expect, test } from "vitest";
import { NO_NETWORK_FAULTS, NETWORK_FAULTS, SessionNetwork } from "../../support/session-network.js";

const pairs = new Set<string>();

function seed(number: number): readonly string[] {
  const net = new SessionNetwork(number, NETWORK_FAULTS, { resumeMs: number % 3 === 0 ? 200 : 30_000 });
  for (let i = 0; i < 2; i++) net.addPeer(`worker-${i}`);
  const lost: string[] = [];
  const speak = (): void => {
    const [gone] = lost.splice(0);
    if (gone !== undefined) net.say(gone);
    lost.push(...[...net.heard].flatMap(([id, heard]) => (heard.lost === undefined ? [] : [id])).slice(-1));
    if (net.random.chance(0.5)) net.peers[net.random.below(2)]?.say();
    const ids = [...net.sessions.byId.keys()];
    if (net.random.chance(0.5)) net.say(ids[net.random.below(Math.max(1, ids.length))] ?? "");
  };
  for (let i = 0; i < 60; i++) {
    net.after(net.random.next() * 3_000, speak);
    net.after(net.random.next() * 3_000, () => net.disturb());
  }
  net.run(net.nowMs + 3_000, () => net.disturb());
  net.faults = NO_NETWORK_FAULTS;
  net.run(net.nowMs + 120_000);
  for (const pair of net.pairs) pairs.add(pair);
  return [...net.problems(), ...net.unheard()];
}

test("what one side says the other hears once, in order, or both know that the session is over", () => {
  const found: string[] = [];
  for (let number = 1; number <= 1_500; number++)
    for (const problem of seed(number)) found.push(`seed ${number}: ${problem}`);
  expect(found.slice(0, 10)).toEqual([]);
});

test("every pair of a state and an event happens there, but for those that end a session, and those that cannot be", () => {
  const wanted = [
    ...LISTENING_STATES.flatMap((state) =>
      LISTENING_EVENTS.map((event) => [`listening ${state}/${event}`, NEVER_LISTENING[`${state}/${event}`]]),
    ),
    ...DIALLED_STATES.flatMap((state) =>
      DIALLED_EVENTS.map((event) => [`dialled ${state}/${event}`, NEVER_DIALLED[`${state}/${event}`]]),
    ),
  ];
  const missing = wanted.flatMap(([pair = "", never]) => (never === undefined && !pairs.has(pair) ? [pair] : []));
  const impossible = wanted.flatMap(([pair = "", never]) => (never !== undefined && pairs.has(pair) ? [pair] : []));
  expect(impossible).toEqual([]);
  // Ends are asked for, and refused: `sessions.test` does both.
  expect(missing.filter((pair) => !/over|\/end|\/bye|refused/.test(pair))).toEqual([]);
});
