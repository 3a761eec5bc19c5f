// Owns: making a Millrace flow of a recorded one, with nothing but the public API.
// Does not own: what the tasks do (`kinds`), how inputs are wired (`wiring`), running it (`run-line`).
import {
  type CallOptions,
  flow,
  ifElse,
  mapped,
  merge,
  param,
  type Param,
  type ParamRefs,
  type Ref,
  referenceTasks,
  settledEach,
  unmapped,
  when,
} from "@millrace/core";
import { type Condition, isMapped, isMerge, isTask, type RecordedFlow, type Step, type TaskStep } from "./format.js";
import { asBoolean, gather, guard, kindOf, type KindSpec } from "./kinds.js";
import { type Choice, type Gate, type Plan, planOf } from "./plan.js";
import { isPlain, mapOf, type Names, refOf, triggerOf, type Upstream, type Wire, wiresOf } from "./wiring.js";

export type BuildOptions = {
  /** Settled edges also where plain ones would do. */
  readonly allSettled: boolean;
  readonly tally?: string;
  readonly seed?: number;
};

type Parameters = Readonly<Record<string, Param<unknown, boolean>>>;

/** The flow, and the slug of each recorded name: complete once the flow's function has run. */
export function buildFlow(id: string, recorded: RecordedFlow, options: BuildOptions) {
  const plan = planOf(recorded);
  const builder = new FlowBuilder(plan, options);
  const given = recorded.parameters ?? [];
  const params: Parameters = Object.fromEntries(
    given.map(
      ({ name, ...rest }) => [name, "default" in rest ? param<unknown>(rest.default) : param<unknown>()] as const,
    ),
  );
  const built = flow(id, { params }, (refs: ParamRefs<Record<string, unknown>>) => {
    for (const { name } of given) builder.name(name, refs[name], name);
    builder.add(plan.steps);
    if (recorded.reference_tasks !== undefined) {
      referenceTasks(...recorded.reference_tasks.map((name) => builder.ref(name)));
    }
  });
  return { flow: built, slugs: builder.slugs };
}

class FlowBuilder implements Names {
  readonly slugs = new Map<string, string>();
  private readonly refs = new Map<string, Ref<unknown>>();
  private readonly gathers = new Map<string, Ref<unknown>>();
  private readonly plan: Plan;
  private readonly options: BuildOptions;
  private merges = 0;

  constructor(plan: Plan, options: BuildOptions) {
    this.plan = plan;
    this.options = options;
  }

  add(steps: readonly Step[]): void {
    for (const step of steps) this.addStep(step);
  }

  ref(name: string): Ref<unknown> {
    const found = this.refs.get(name);
    if (found === undefined) throw new RangeError(`the recorded flow has no step "${name}" before it is used`);
    return found;
  }

  gathered(name: string): Ref<unknown> {
    const found = this.gathers.get(name);
    if (found === undefined) throw new RangeError(`"${name}" is no map`);
    return found;
  }

  name(name: string, ref: Ref<unknown> | undefined, slug: string): void {
    if (ref === undefined) throw new RangeError(`the parameter "${name}" has no ref`);
    this.refs.set(name, ref);
    this.slugs.set(name, slug);
  }

  private addStep(step: Step): void {
    if ("case" in step) {
      const body = (): void => this.add(step.tasks);
      when<Condition, void>(refOf<Condition>(this.ref(step.case)), step.value, body);
    } else if (isMerge(step)) {
      if (!this.refs.has(step.name)) this.addMerge(step.name, merge(...step.branches.map((name) => this.ref(name))));
    } else if (isTask(step) && !this.refs.has(step.name)) this.addTask(step);
  }

  private addMerge(name: string, ref: Ref<unknown>): void {
    this.merges++;
    this.name(name, ref, `merge-${this.merges}`);
  }

  private addTask(step: TaskStep): void {
    const choice = this.plan.choices.get(step.name);
    if (choice !== undefined) return this.addChoice(step, choice);
    const call = this.prepare(step);
    const gate = this.plan.gates.get(step.name);
    this.finish(step, gate === undefined ? call() : this.inBranch(gate, call));
  }

  private addChoice(yes: TaskStep, choice: Choice): void {
    const no = this.plan.tasks.get(choice.no);
    if (no === undefined) throw new RangeError(`the recorded flow has no task "${choice.no}"`);
    const [callYes, callNo] = [this.prepare(yes), this.prepare(no)];
    const condition = refOf<boolean>(this.ref(choice.condition));
    const made: { yes?: Ref<unknown>; no?: Ref<unknown> } = {};
    const chosen = ifElse(
      condition,
      () => (made.yes = callYes()),
      () => (made.no = callNo()),
    );
    this.finish(yes, made.yes);
    this.finish(no, made.no);
    this.addMerge(choice.merge, chosen);
  }

  private inBranch({ condition, test }: Gate, call: () => Ref<unknown>): Ref<unknown> {
    const ref = this.ref(condition);
    if (test === "truthy") return when(refOf<boolean>(ref), call);
    if (test === "falsy") return when<boolean, Ref<unknown>>(asBoolean(ref), false, call);
    return when<Condition, Ref<unknown>>(refOf<Condition>(ref), test.equals, call);
  }

  private finish(step: TaskStep, ref: Ref<unknown> | undefined): void {
    this.name(step.name, ref, step.name);
    if (ref === undefined || !isMapped(step) || this.plan.surelyMapped.has(step.name)) return;
    if (this.isGathered(step.name)) this.gathers.set(step.name, gather(settledEach(refOf<readonly unknown[]>(ref))));
  }

  /** Some task takes this whole map, and may run without it. */
  private isGathered(name: string): boolean {
    return [...this.plan.tasks.values()].some((step) => {
      const { inputs = {}, mapped: over = [] } = step;
      const takesWhole = Object.entries(inputs).some(([key, input]) => input === name && !over.includes(key));
      return takesWhole && !isPlain(step, this.options.allSettled);
    });
  }

  /** Makes what stands before the task, outside of the branch that may gate it; the call makes the task. */
  private prepare(step: TaskStep): () => Ref<unknown> {
    const { allSettled, tally, seed } = this.options;
    const wires = wiresOf(step, this.plan, this, allSettled);
    const order: Upstream[] = [
      ...(step.upstream ?? []).map((name) => this.ref(name)),
      ...(step.upstream_mapped ?? []).map((name) => mapped(mapOf(this.ref(name)))),
    ];
    const spec: KindSpec = {
      name: step.name,
      ...(step.value !== undefined && { value: step.value }),
      arrivals: wires.map(({ arrival }) => arrival),
      ...(tally !== undefined && { tally }),
      ...(seed !== undefined && { seed }),
    };
    return () => this.call(step, spec, wires, order);
  }

  private call(step: TaskStep, spec: KindSpec, wires: readonly Wire[], order: readonly Upstream[]): Ref<unknown> {
    const { trigger, skip_on_upstream_skip: skips } = step;
    const isUnsaid = trigger === undefined && skips === undefined && isPlain(step, this.options.allSettled);
    const rules = isUnsaid ? {} : { trigger: triggerOf(trigger), skipOnUpstreamSkip: skips ?? true };
    const own = { name: step.name, slug: step.name, retries: step.max_retries ?? 0 };
    const isGuarded = wires.some(({ arrival }) => arrival === "gathered");
    if (!isGuarded) return invoke(step, spec, wires, { ...own, ...rules, upstream: order });
    const edges = wires.flatMap((wire) => wire.order ?? []);
    const lists = wires.flatMap(({ list, order: edge }) => (list === undefined || edge !== undefined ? [] : [list]));
    const before = guard.with({ ...rules, upstream: [...edges, ...order] });
    const guarded = isMapped(step) ? mapped(before.map(...lists)) : before();
    return invoke(step, spec, wires, { ...own, upstream: [guarded] });
  }
}

function invoke(step: TaskStep, spec: KindSpec, wires: readonly Wire[], options: CallOptions): Ref<unknown> {
  const node = kindOf(step.kind).with(options);
  const [a, b, c] = wires;
  if (!isMapped(step)) return node(spec, a?.whole, b?.whole, c?.whole);
  const each = (wire: Wire | undefined) => wire?.list ?? unmapped(wire?.whole);
  return node.map(unmapped(spec), each(a), each(b), each(c));
}
