// Owns: what a run left: its state, its value, its tasks' states and results.
// Does not own: values; they are fetched over the run's link and live as long as this object is held, or until `release`.
// What users print has no insides: they stand in `#` fields.
// The value has the type that the flow's function gave it: one cast.

import { RunClosed } from "../run/closed-errors.js";
import type { RunLink } from "../run/executor.js";
import { ResultMissing } from "../run/result-errors.js";
import { failureOf } from "../states/failures.js";
import type { FlowState } from "../work/kinds.js";
import { hasValue, stateName } from "../work/kinds.js";
import type { Blueprint } from "./blueprint.js";
import { FlowError } from "./flow-error.js";
import { FlowCancelled, FlowFailed } from "./flow-failed.js";
import { rootFailures } from "./root-failures.js";
import type { FinishedRun, FinishedStates } from "./run-types.js";
import { TaskStates, nodeOfSlug } from "./task-states.js";

type RunNames = { readonly id: string; readonly name: string };
/** What `value` gives or throws; undefined: the error is made when somebody asks. */
type Value = { readonly value: unknown } | { readonly error: unknown } | undefined;

export class EndedRun<T> implements FinishedRun<T> {
  readonly id: string;
  readonly name: string;
  readonly state: FlowState;
  readonly states: FinishedStates;
  readonly #blueprint: Blueprint;
  readonly #link: RunLink;
  #outcome: Value;

  private constructor(names: RunNames, blueprint: Blueprint, link: RunLink, state: FlowState, outcome: Value) {
    this.id = names.id;
    this.name = names.name;
    this.state = state;
    this.states = new TaskStates(blueprint.graph, link.states);
    this.#blueprint = blueprint;
    this.#link = link;
    this.#outcome = outcome;
  }

  /** Of a run whose link is done: a successful one's value is fetched, once. */
  static async of<T>(names: RunNames, blueprint: Blueprint, link: RunLink, state: FlowState): Promise<EndedRun<T>> {
    if (state !== "Success") return new EndedRun<T>(names, blueprint, link, state, undefined);
    const outcome = await link.fetch({ kind: "ref", ref: blueprint.result }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return new EndedRun<T>(names, blueprint, link, state, outcome);
  }

  get value(): T {
    this.#outcome ??= { error: this.#endError() };
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value as T;
  }

  async resultOf(slug: string, index?: number): Promise<unknown> {
    const { graph } = this.#blueprint;
    const node = nodeOfSlug(graph, slug);
    const row = this.#link.states.rowOf(node, index);
    if (row === undefined) throw noSuchChild(slug, index, this.states.width(slug));
    const state = this.#link.states.state(row);
    if (!hasValue(state)) {
      const place = index === undefined ? slug : `${slug}[${index}]`;
      throw new ResultMissing(place, stateName(state), failureOf(this.#link.states, graph, row));
    }
    return this.#link.fetch({ kind: "ref", ref: node }, index);
  }

  release(): void {
    this.#link.close();
    if (this.state === "Success") this.#outcome = { error: new RunClosed(this.name) };
  }

  #endError(): Error {
    const [blueprint, link] = [this.#blueprint, this.#link];
    if (this.state === "Cancelled") return new FlowCancelled(blueprint.flow, link.states.cancelReason, this);
    return new FlowFailed(blueprint.flow, rootFailures(blueprint, link.states), this);
  }
}

function noSuchChild(slug: string, index: number | undefined, width: number | undefined): FlowError {
  const has = width === undefined ? "it is not mapped" : `it has ${width}, counted from 0`;
  return new FlowError("UNKNOWN_SLUG", `"${slug}" has no child ${index}: ${has}`);
}
