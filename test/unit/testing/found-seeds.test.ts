// Seeds of the simulator that found something, each with what that was. Those below 200000 were found up to commit f0908a8: since then
// the simulator draws other things from them, and what they found is kept by unit tests of sessions and questions, and by what every
// seed checks.
import { simulateSeed } from "@millrace/testing";
import { expect, test } from "vitest";

const found: Readonly<Record<number, string>> = {
  89: "a run whose client was gone kept what it had, while a question of the client's stood open",
  169: "questions of two runs that had one number were taken for one",
  102595: "a driver that had let go of its run still took its share of the demand",
  103918: "a hello that came once more replaced a live session",
  111066: "a question of a run that was dropped was asked again, and made the run anew",
  801351: "a simulated worker that had left was given the rest of what came with the last word that it waited for",
  801388: "the same",
  802757: "the same, in another state",
  850119: "a simulated worker that was to leave, and whose last task ended without a word, never left",
};

test.each(Object.entries(found))("seed %s: %s", { timeout: 60_000 }, async (seed) => {
  const { problems } = await simulateSeed(Number(seed));
  expect(problems).toEqual([]);
});
