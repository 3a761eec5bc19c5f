// Owns: the handle of a run that goes on.
// Does not own: the run; a handle knows its link and the flow's blueprint, and nothing of a scheduler.

import type { RunLink } from "../run/executor.js";
import { storyText } from "../states/story-words.js";
import type { TaskProgress } from "../run/run-reports.js";
import type { Blueprint } from "./blueprint.js";
import { FlowError } from "./flow-error.js";
import { EndedRun } from "./finished-run.js";
import { kindOf } from "./node-ref.js";
import { type NextTurn, RunChanges } from "./run-changes.js";
import type { FinishedRun, FlowRun, LiveState, StateChange } from "./run-types.js";
import { TaskStates, nodeOfSlug } from "./task-states.js";

export class LiveRun<T> implements FlowRun<T> {
  readonly id: string;
  readonly name: string;
  readonly done: Promise<FinishedRun<T>>;
  readonly #blueprint: Blueprint;
  readonly #link: RunLink;
  readonly #nextTurn: NextTurn;

  constructor(
    names: { readonly id: string; readonly name: string },
    blueprint: Blueprint,
    link: RunLink,
    nextTurn: NextTurn,
  ) {
    this.id = names.id;
    this.name = names.name;
    this.#blueprint = blueprint;
    this.#link = link;
    this.#nextTurn = nextTurn;
    this.done = link.done.then((state) => EndedRun.of<T>(names, blueprint, link, state));
    // Whoever looks at the run only through its changes is not to be told of an unhandled rejection.
    this.done.catch(() => undefined);
  }

  changes(): AsyncIterable<readonly StateChange[]> {
    return new RunChanges(this.#link, this.#blueprint.graph, this.#nextTurn);
  }

  cancel(reason = "cancelled by the caller"): void {
    this.#link.cancel(reason);
  }

  summary(): Readonly<Record<LiveState, number>> {
    return new TaskStates(this.#blueprint.graph, this.#link.states).summary();
  }

  progress(): readonly TaskProgress[] {
    return this.#link.progress();
  }

  async explain(slug: string, index?: number): Promise<string> {
    if (index !== undefined && !(Number.isSafeInteger(index) && index >= 0))
      throw new FlowError("INVALID_OPTION", `the index of a child is ${kindOf(index)}: write a whole number from 0 on`);
    const { sentence, story } = await this.#link.explain(nodeOfSlug(this.#blueprint.graph, slug), index);
    return [sentence, ...story.map((line) => `  ${storyText(line)}`)].join("\n");
  }
}
