// Owns: what a side of a comparison is, and what goes between the process that measures it and the one that compares.

/** Data only: it goes to another process. */
export type SideOptions = { readonly [name: string]: string | number | boolean };

/** One repeat; gives its figure. */
export type Repeat = () => Promise<number>;

/** What a module in `sides/` exports as `prepare`: everything that is not to be timed, then the repeat. */
export type Prepare = (options: SideOptions) => Promise<Repeat>;

export type SideRequest =
  | { readonly kind: "prepare"; readonly side: string; readonly options: SideOptions }
  | { readonly kind: "repeat" };
export type SideAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "figure"; readonly figure: number }
  | { readonly kind: "failed"; readonly error: string };

/** A number among the options. */
export function numberIn(options: SideOptions, name: string): number {
  const value = options[name];
  if (typeof value === "number") return value;
  throw new TypeError(`the option ${name} of a side is ${String(value)}, not a number`);
}
