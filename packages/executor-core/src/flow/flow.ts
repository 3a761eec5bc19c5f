// Owns: `flow`, and the handle it gives.
// Does not own: building (`blueprint`), parameters (`flow-params`), runs (`start-run`).
// G1. The function runs at the first run, start, check or graph; every run shares what it built, or its error.

import type { Executor } from "../run/executor.js";
import type { Origin } from "../work/task-origin.js";
import { type FlowDrawing, asGraphlib } from "./as-graphlib.js";
import { type Blueprint, type FlowFunction, buildBlueprint } from "./blueprint.js";
import { FLOW_BRAND } from "./brands.js";
import { refuseInFlow } from "./build.js";
import { type FlowProblem, checkFlow } from "./check-flow.js";
import { FlowError } from "./flow-error.js";
import { flowParams } from "./flow-params.js";
import type { AnyFlow, Flow, FlowOptions } from "./flow-types.js";
import { heldRun } from "./held-run.js";
import { moduleLoads } from "./module-loads.js";
import { kindOf } from "./node-ref.js";
import { captureOrigin } from "./origin.js";
import type { FlowParams } from "./params.js";
import type { NotAsync, Unref } from "./ref-types.js";
import type { FlowRun, RunOptions } from "./run-types.js";
import type { ParamRefs, ParamsIn, ParamsOut, ParamsSpec } from "./schema-types.js";
import { checkExecutor, startRun } from "./start-run.js";
import { tagList, text } from "./task-options.js";

/** Makes a flow of a function that calls tasks. Nothing runs yet, not even the function. */
export function flow<R>(name: string, fn: () => R & NotAsync<R>): Flow<{}, Unref<R>>;
export function flow<R, S extends ParamsSpec = {}>(
  name: string,
  options: FlowOptions<S>,
  fn: (params: ParamRefs<ParamsOut<S>>) => R & NotAsync<R>,
): Flow<ParamsIn<S>, Unref<R>>;
export function flow(name: string, first: object, second?: object): unknown {
  const [options, fn] = second === undefined ? [{}, first] : [first, second];
  if (isFlowFunction(fn))
    return new FlowHandle(new FlowCore(text(name, "the name of a flow"), options, fn, captureOrigin(flow)));
  throw new FlowError(
    "NOT_A_FUNCTION",
    `the flow "${name}" was given ${kindOf(fn)} instead of a function: flow(name, options?, fn)`,
  );
}

export function isFlow(value: unknown): value is AnyFlow {
  return typeof value === "object" && value !== null && FLOW_BRAND in value;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof FlowOptions<unknown>>(["params", "executor", "tags"]);

/** What a flow is, without the types of its input and result. */
export class FlowCore {
  readonly name: string;
  readonly tags: readonly string[];
  readonly params: FlowParams;
  readonly executor: Executor | undefined;
  private readonly fn: FlowFunction;
  private readonly origin: Origin;
  private built: { readonly blueprint: Blueprint } | { readonly error: unknown } | undefined;

  constructor(name: string, options: FlowOptions<unknown>, fn: FlowFunction, origin: Origin) {
    const unknown = Object.keys(options).find((key) => !OPTIONS.has(key));
    if (unknown !== undefined) {
      const known = [...OPTIONS].join(", ");
      throw new FlowError("UNKNOWN_OPTION", `"${unknown}" is no option of the flow "${name}": there are ${known}`);
    }
    this.name = name;
    this.tags = options.tags === undefined ? [] : tagList(options.tags, `the option tags of the flow "${name}"`);
    this.params = flowParams(name, options.params ?? {});
    this.executor = options.executor;
    if (options.executor !== undefined) checkExecutor(options.executor, `the executor of the flow "${name}"`);
    this.fn = fn;
    this.origin = origin;
  }

  /** Builds the flow the first time (G1). */
  blueprint(): Blueprint {
    refuseInFlow(`the flow "${this.name}"`);
    this.built ??= this.build();
    if ("error" in this.built) throw this.built.error;
    return this.built.blueprint;
  }

  private build(): { readonly blueprint: Blueprint } | { readonly error: unknown } {
    try {
      return { blueprint: buildBlueprint(this.name, this.origin, this.tags, this.params, this.fn) };
    } catch (error) {
      return { error };
    }
  }
}

/** `In` and `Out` are what the overloads of `flow` say; nothing here depends on them. */
class FlowHandle {
  readonly name: string;
  declare readonly [FLOW_BRAND]: FlowCore;

  constructor(core: FlowCore) {
    this.name = core.name;
    Object.defineProperty(this, FLOW_BRAND, { value: core });
  }

  async run(params?: unknown, options?: RunOptions): Promise<unknown> {
    const finished = await this.start(params, options).done;
    const { value } = finished;
    // Nobody can ask for anything else of it.
    finished.release();
    return value;
  }

  start(params?: unknown, options: RunOptions = {}): FlowRun<unknown> {
    const core = this[FLOW_BRAND];
    const load = moduleLoads.current.getStore();
    if (load !== undefined) return heldRun(load);
    const blueprint = core.blueprint();
    return startRun(blueprint, core.params.check(core.name, params), core.executor, options);
  }

  parse(params: unknown): unknown {
    const core = this[FLOW_BRAND];
    core.params.check(core.name, params);
    return params === undefined ? {} : params;
  }

  check(): readonly FlowProblem[] {
    return checkFlow(() => this[FLOW_BRAND].blueprint());
  }

  async graph(): Promise<FlowDrawing> {
    return asGraphlib(this[FLOW_BRAND].blueprint());
  }
}

function isFlowFunction(fn: unknown): fn is FlowFunction {
  return typeof fn === "function";
}
