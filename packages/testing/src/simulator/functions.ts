// Owns: the user's functions of a simulated cluster, by key: what stands in place of bundles of code.

import type { TaskFunction, TaskKey, TaskMade, TaskSpec } from "@millrace/core/seam";

export type Code = { readonly fn: TaskFunction; readonly made: TaskMade };

export class Functions {
  private readonly keys = new Map<TaskFunction, TaskKey>();
  private readonly byKey = new Map<string, Code>();

  readonly keyOf = ({ fn, made }: Pick<TaskSpec, "fn" | "made">): TaskKey => {
    let key = this.keys.get(fn);
    if (key === undefined) {
      key = { code: `function-${this.keys.size + 1}`, source: "", name: made.name };
      this.keys.set(fn, key);
      this.byKey.set(key.code, { fn, made });
    }
    return key;
  };

  find({ code }: TaskKey): Code | undefined {
    return this.byKey.get(code);
  }
}
