// Seeds and options of the executors for tests: what means nothing is refused before anything runs.
import { HostileExecutor, SimulatedExecutor, simulateSeed } from "@millrace/testing";
import { expect, test } from "vitest";

const of = (options: object): unknown => {
  try {
    return Reflect.construct(SimulatedExecutor, [1, options]);
  } catch (error) {
    return error;
  }
};
const invalid = (words: string): unknown =>
  expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(words) });

test.each<[object, string]>([
  [{ workers: -1 }, '"workers" is -1'],
  [{ slots: 0 }, '"slots" is 0'],
  [{ slots: 2 ** 20 }, '"slots" is 1048576'],
  [{ resources: "gpu" }, '"resources" is "gpu": write amounts by name'],
  [{ resources: { gpu: -1 } }, '"gpu" is -1'],
  [{ labels: ["eu"] }, '"labels" is of the type object: write a function'],
  [{ worker: 2 }, '"worker", which means nothing'],
  [{ faults: true }, '"faults" is true: write faults by name'],
  [{ faults: { crahs: 0.1 } }, '"crahs", which means nothing'],
  [{ faults: { crash: 2 } }, '"crash" is 2: write a number from 0 to 1'],
])("a SimulatedExecutor with %j is refused", (options, words) => {
  expect(of(options)).toEqual(invalid(words));
});

test.each<[object, string]>([
  [{ hostil: 2 }, '"hostil", which means nothing'],
  [{ hostility: true }, '"hostility" is true'],
  [{ keepNothing: 1 }, '"keepNothing" is 1'],
])("a HostileExecutor with %j is refused", (options, words) => {
  expect(() => Reflect.construct(HostileExecutor, [1, options])).toThrow(invalid(words));
});

test.each([-1, 0.5, "x", undefined, Number.NaN])("the seed %j is refused", async (seed) => {
  expect(() => Reflect.construct(SimulatedExecutor, [seed])).toThrow(invalid("the seed of a SimulatedExecutor"));
  expect(() => Reflect.construct(HostileExecutor, [seed])).toThrow(invalid("the seed of a HostileExecutor"));
  await expect(Reflect.apply(simulateSeed, undefined, [seed])).rejects.toEqual(
    invalid("the seed of a simulated cluster"),
  );
});
