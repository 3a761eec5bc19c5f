// Owns: the slug of every node, FLOW-7: its own, else its prefix and a number that counts from 1 and skips taken slugs.
// S1. A slug made from a prefix costs a number; strings are made when somebody asks.
// S2. A slug names one node: appending never renames.

import { MillraceError } from "../work/millrace-error.js";
import { U32Column } from "./columns.js";

export class DuplicateSlug extends MillraceError {
  readonly slug: string;

  constructor(slug: string) {
    super("DUPLICATE_SLUG", `the slug "${slug}" is given twice in this flow: give one of the two nodes another slug`);
    this.slug = slug;
  }
}

type Prefix = { readonly id: number; readonly text: string; next: number };
/** Stands for "its own slug" in the column of prefixes. */
const OWN = 0;

export class Slugs {
  private readonly own = new Map<number, string>();
  /** Slugs that users gave, and nodes by number where a prefix alone could be mistaken. */
  private readonly taken = new Map<string, number>();
  private readonly prefixes: (Prefix | undefined)[] = [undefined];
  private readonly byText = new Map<string, Prefix>();
  private readonly prefixOf = new U32Column();
  private readonly numberOf = new U32Column();
  private index: Map<string, number> | undefined;

  /** Throws `DUPLICATE_SLUG` if `own` is taken already. */
  add(node: number, prefixText: string, own: string | undefined): void {
    this.index = undefined;
    if (own !== undefined) {
      if (this.isTaken(own)) throw new DuplicateSlug(own);
      this.own.set(node, own);
      this.taken.set(own, node);
      this.prefixOf.push(OWN);
      this.numberOf.push(0);
      return;
    }
    const prefix = this.prefix(prefixText);
    let number = prefix.next;
    while (this.taken.size > 0 && this.taken.has(`${prefixText}-${number}`)) number++;
    prefix.next = number + 1;
    this.prefixOf.push(prefix.id);
    this.numberOf.push(number);
  }

  slug(node: number): string {
    const own = this.own.get(node);
    if (own !== undefined) return own;
    const prefix = this.prefixes[this.prefixOf.at(node)];
    return `${prefix?.text ?? ""}-${this.numberOf.at(node)}`;
  }

  /** What a work carries: the slug itself where it is the user's own, else the number behind the prefix. */
  short(node: number): string | number {
    return this.own.get(node) ?? this.numberOf.at(node);
  }

  /** The node is over: its own slug costs nothing any more, and may be given again. */
  forget(node: number): void {
    const own = this.own.size > 0 ? this.own.get(node) : undefined;
    if (own === undefined) return;
    this.own.delete(node);
    this.taken.delete(own);
  }

  /** All nodes of this page are over. */
  drop(page: number): void {
    this.prefixOf.drop(page);
    this.numberOf.drop(page);
  }

  /** The node with this slug. The first call makes an index of all (some 100 bytes a node). */
  find(slug: string): number | undefined {
    const given = this.taken.get(slug);
    if (given !== undefined) return given;
    this.index ??= this.makeIndex();
    return this.index.get(slug);
  }

  /** Without the index: a slug made from a prefix says which prefix and which number. */
  private isTaken(slug: string): boolean {
    if (this.taken.has(slug)) return true;
    const dash = slug.lastIndexOf("-");
    const digits = slug.slice(dash + 1);
    const prefix = dash > 0 ? this.byText.get(slug.slice(0, dash)) : undefined;
    return prefix !== undefined && /^[1-9]\d*$/.test(digits) && Number(digits) < prefix.next;
  }

  private prefix(text: string): Prefix {
    let prefix = this.byText.get(text);
    if (prefix === undefined) {
      prefix = { id: this.prefixes.length, text, next: 1 };
      this.prefixes.push(prefix);
      this.byText.set(text, prefix);
    }
    return prefix;
  }

  private makeIndex(): Map<string, number> {
    const index = new Map<string, number>();
    for (let node = 0; node < this.prefixOf.length; node++) index.set(this.slug(node), node);
    return index;
  }
}
