// Owns: the object behind a `Ref`: which node of which build it stands for, and as what it is read.
// Does not own: the graph (`build`), edges and trees made of refs (`inputs`).
// R1. All its data stands under symbols, and it is no thenable: `await ref` gives the ref.
// R2. Whoever takes it for its value (a template, a comparison, JSON) gets an error that names the task.

import type { NodeId } from "../work/ids.js";
import { twoCopies } from "./copies.js";
import { FlowError } from "./flow-error.js";
import type { MAPPED, VALUE } from "./ref-types.js";

/** `settled`: what became of it, as one; `settledEach`: element by element. */
export type RefForm = "plain" | "settled" | "settledEach";
/** What a ref knows of the build that made it. */
export interface RefOwner {
  readonly flow: string;
  /** What the node is to a reader, for errors. */
  describe(node: NodeId): string;
}

export const NODE = Symbol.for("millrace/1/ref/node");
export const OWNER = Symbol.for("millrace/1/ref/owner");
export const FORM = Symbol.for("millrace/1/ref/form");
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

export class NodeRef {
  /** Of a type that fits every `Ref<T>` and `Mapped<T>`: there is no value yet. */
  declare readonly [VALUE]: never;
  declare readonly [MAPPED]: true;
  readonly [NODE]: NodeId;
  readonly [OWNER]: RefOwner;
  readonly [FORM]: RefForm;

  constructor(owner: RefOwner, node: NodeId, form: RefForm = "plain") {
    this[NODE] = node;
    this[OWNER] = owner;
    this[FORM] = form;
  }

  [Symbol.toPrimitive](): never {
    throw notRunYet(this);
  }

  toString(): never {
    throw notRunYet(this);
  }

  toJSON(): never {
    throw notRunYet(this);
  }

  [INSPECT](): string {
    return `Ref (${this[OWNER].describe(this[NODE])})`;
  }
}

function notRunYet(ref: NodeRef): FlowError {
  return new FlowError(
    "REF_IS_NO_VALUE",
    `${ref[OWNER].describe(ref[NODE])} has not run yet: a ref stands for what it will give. Pass the ref to a task, which gets the value`,
  );
}

/** The ref that `value` is, or undefined. Throws `TWO_COPIES` for one of another copy. */
export function asNodeRef(value: unknown): NodeRef | undefined {
  if (value instanceof NodeRef) return value;
  if (typeof value !== "object" || value === null || !(NODE in value)) return undefined;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw twoCopies("a ref");
  throw new FlowError(
    "SPREAD_REF",
    "a ref was spread, as in { ...ref }, and has nothing inside yet: pass the ref whole, or pick(ref, key) for one part",
  );
}

/** The ref that `value` has to be; `place` says where it stands. */
export function needNodeRef(value: unknown, place: string): NodeRef {
  const ref = asNodeRef(value);
  if (ref !== undefined) return ref;
  throw new FlowError("NOT_A_REF", `${place} takes the result of a task call, not ${kindOf(value)}`);
}

/** A value as errors name it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "function") return value.name === "" ? "a function" : `the function "${value.name}"`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return `the ${typeof value} ${value}`;
  if (typeof value !== "object") return "something unknown";
  if (Array.isArray(value)) return "an array";
  const maker: unknown = Object.getPrototypeOf(value)?.constructor;
  return typeof maker === "function" && maker !== Object ? `an object of class ${maker.name}` : "a plain object";
}
