// Owns: finding the refs inside an argument: in arrays and plain objects, at any depth up to a limit (CONST-1).
// Does not own: what a ref is, and what becomes of a list or record with refs inside (the `Literals` given: those of a flow
//       that is built stand here, those of a pool in `pool-graph`).
// S1. A literal is walked once; one without refs is one constant, not copied. Nothing is looked for inside class
//     instances, maps, sets and typed arrays.
// S2. From the second level on each object is entered once, so that shared and cyclic literals end; a cycle with a ref
//     in it is refused.

import type { NodeId } from "../work/ids.js";
import type { GraphTree } from "../work/value-tree.js";
import type { Build } from "./build.js";
import { FlowError } from "./flow-error.js";
import { edgesOf, treeOf } from "./inputs.js";
import { asNodeRef } from "./node-ref.js";
import { refuseAsArgument } from "./refused.js";
import { LIST } from "./structure-specs.js";

/** Where a literal stands, for errors. */
export type Place = () => string;

export interface Literals {
  /** The tree of what stands for a value that is not there yet; undefined: `value` is none. Throws if it has no place here. */
  ref(value: object): GraphTree | undefined;
  list(items: readonly GraphTree[]): GraphTree;
  record(keys: readonly string[], items: readonly GraphTree[]): GraphTree;
  /** Throws for what can only be a mistake. */
  refuse(value: object, where: Place): void;
}

/** In the arguments of a call a list can stand that is no node yet. */
export interface ArgumentLiterals extends Literals {
  constant(value: unknown): GraphTree;
}

const refTo = (ref: NodeId): GraphTree => ({ kind: "ref", ref });

/** As the flow's result: a list or record with refs inside is a part of the one tree. */
export class TreeLiterals implements Literals {
  protected readonly build: Build;

  constructor(build: Build) {
    this.build = build;
  }

  ref(value: object): GraphTree | undefined {
    const ref = asNodeRef(value);
    return ref === undefined ? undefined : treeOf(this.build.own(ref));
  }

  list(items: readonly GraphTree[]): GraphTree {
    return { kind: "list", items };
  }

  record(keys: readonly string[], items: readonly GraphTree[]): GraphTree {
    return { kind: "record", keys, items };
  }

  refuse(value: object, where: Place): void {
    refuseAsArgument(value, where);
  }
}

/** As arguments: a list or record with refs inside is a node of its own. */
export class NodeLiterals extends TreeLiterals implements ArgumentLiterals {
  override list(items: readonly GraphTree[]): GraphTree {
    return refTo(this.build.addNode(LIST, items, edgesOf(items)));
  }

  override record(keys: readonly string[], items: readonly GraphTree[]): GraphTree {
    return refTo(this.build.addRecord(keys, items, edgesOf(items)));
  }

  constant(value: unknown): GraphTree {
    return refTo(this.build.addConstant(value));
  }
}

const DEPTH_MAX = 1_000;
/** A longer list is looked at by what is in it. */
export const PLACES_MAX = 10_000_000;
const ON_THE_WAY = Symbol("on the way");
type Found = GraphTree | undefined;
const inline = (value: unknown): GraphTree => ({ kind: "inline", value });

export function isPlainObject(value: object): value is Record<string, unknown> {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** The tree of `value`. */
export function literalTree(literals: Literals, value: unknown, place: Place): GraphTree {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return inline(value);
  return literals.ref(value) ?? new LiteralWalk(literals, place).find(value) ?? inline(value);
}

class LiteralWalk {
  private readonly literals: Literals;
  private readonly place: Place;
  private readonly path: (string | number)[] = [];
  private readonly entered = new Map<object, Found | typeof ON_THE_WAY>();
  private readonly metOnTheWay = new Set<object>();

  constructor(literals: Literals, place: Place) {
    this.literals = literals;
    this.place = place;
  }

  /** Undefined: no ref inside, `value` is a constant. */
  find(value: object): Found {
    const ref = this.literals.ref(value);
    if (ref !== undefined) return ref;
    if (Array.isArray(value)) return this.enter(value, () => this.inArray(value));
    if (typeof value === "object" && isPlainObject(value)) return this.enter(value, () => this.inRecord(value));
    this.literals.refuse(value, () => this.where());
    return undefined;
  }

  private enter(value: object, walk: () => Found): Found {
    if (this.path.length > DEPTH_MAX) throw this.error("ARGUMENT_TOO_DEEP", `is nested more than ${DEPTH_MAX} deep`);
    if (this.path.length < 2) return walk();
    const known = this.entered.get(value);
    if (known === ON_THE_WAY) this.metOnTheWay.add(value);
    if (known === ON_THE_WAY || this.entered.has(value)) return known === ON_THE_WAY ? undefined : known;
    this.entered.set(value, ON_THE_WAY);
    const tree = walk();
    if (tree !== undefined && this.metOnTheWay.has(value)) {
      throw this.error("CYCLIC_ARGUMENT", "holds itself and a ref: a literal with refs inside cannot be cyclic");
    }
    this.entered.set(value, tree);
    return tree;
  }

  private inArray(list: readonly unknown[]): Found {
    if (list.length > PLACES_MAX) return this.inSparse(list);
    let items: GraphTree[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      const found = this.inside(i, item);
      if (found !== undefined) items ??= Array.from({ length: i }, (_, before) => inline(list[before]));
      items?.push(found ?? inline(item));
    }
    return items === undefined ? undefined : this.literals.list(items);
  }

  /** A list may have four thousand million places and next to nothing in them. */
  private inSparse(list: readonly unknown[]): Found {
    for (const key of Object.keys(list)) {
      if (this.inside(key, Reflect.get(list, key)) !== undefined)
        throw this.error("ARGUMENT_TOO_LONG", `has more than ${PLACES_MAX} places, and a ref in one of them`);
    }
    return undefined;
  }

  private inRecord(record: Readonly<Record<string, unknown>>): Found {
    const keys = Object.keys(record);
    let items: GraphTree[] | undefined;
    for (const [i, key] of keys.entries()) {
      const item = record[key];
      const found = this.inside(key, item);
      if (found !== undefined) items ??= keys.slice(0, i).map((before) => inline(record[before]));
      items?.push(found ?? inline(item));
    }
    return items === undefined ? undefined : this.literals.record(keys, items);
  }

  private inside(key: string | number, item: unknown): Found {
    if (item === null || (typeof item !== "object" && typeof item !== "function")) return undefined;
    this.path.push(key);
    const found = this.find(item);
    this.path.pop();
    return found;
  }

  private where(): string {
    const path = this.path.slice(0, 10).map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`));
    return path.length === 0
      ? this.place()
      : `${this.place()}, at ${path.join("")}${this.path.length > 10 ? "..." : ""}`;
  }

  private error(code: string, what: string): FlowError {
    return new FlowError(code, `${this.where()}, ${what}. Make it in a task, or pass it as a parameter`);
  }
}
