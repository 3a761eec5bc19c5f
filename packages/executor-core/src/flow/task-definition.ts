// Owns: what a task handle stands for: its facts, and the specs made of them.
// D1. Handles with the same facts share a definition, and calls under the same tags a spec: 100,000 calls, also through
//     `.with`, are one spec in a graph.

import type { TaskSpec } from "../graph/node-spec.js";
import type { TaskMade } from "../work/task-origin.js";
import type { TaskFunction } from "../work/work.js";
import type { AmbientTags } from "./build.js";
import { needsOf } from "./needs.js";
import { type TaskFacts, readCallOptions } from "./task-options.js";
import type { CallOptions } from "./task-types.js";

export class TaskDefinition {
  readonly facts: TaskFacts;
  readonly fn: TaskFunction;
  readonly made: TaskMade;
  private readonly plainSpecs = new Map<string, TaskSpec>();
  private readonly mappedSpecs = new Map<string, TaskSpec>();
  private readonly derived = new Map<string, TaskDefinition>();

  constructor(facts: TaskFacts, fn: TaskFunction, made: TaskMade) {
    this.facts = facts;
    this.fn = fn;
    this.made = made;
  }

  /** The one spec of a call under these tags. */
  spec(ambient: AmbientTags, isMapped: boolean): TaskSpec {
    const specs = isMapped ? this.mappedSpecs : this.plainSpecs;
    let spec = specs.get(ambient.key);
    if (spec === undefined) {
      spec = this.makeSpec(ambient.tags, isMapped);
      specs.set(ambient.key, spec);
    }
    return spec;
  }

  /** The definition under one node's options. */
  under(options: CallOptions): TaskDefinition {
    const facts = readCallOptions(this.facts, options);
    const key = JSON.stringify(facts);
    if (key === JSON.stringify(this.facts)) return this;
    let found = this.derived.get(key);
    if (found === undefined) {
      found = new TaskDefinition(facts, this.fn, this.made);
      this.derived.set(key, found);
    }
    return found;
  }

  private makeSpec(ambient: readonly string[], isMapped: boolean): TaskSpec {
    const { name, args, retry, timeoutMs, rerun, trigger, skipOnUpstreamSkip, maxConcurrency, maxOpenPipelines } =
      this.facts;
    const { resources, labels, priority } = this.facts;
    const tags = ambient.length === 0 ? this.facts.tags : [...new Set([...this.facts.tags, ...ambient])].sort();
    return {
      kind: "task",
      name,
      tags,
      fn: this.fn,
      made: this.made,
      args,
      retry,
      timeoutMs,
      rerun,
      trigger,
      skipOnUpstreamSkip,
      mapped: isMapped,
      maxConcurrency: isMapped ? maxConcurrency : undefined,
      maxOpenPipelines: isMapped ? maxOpenPipelines : undefined,
      needs: needsOf(resources, labels, tags, name),
      priority,
    };
  }
}
