import { flow, task, context } from "millrace";
const slow = task("slow", async (n: number) => { console.log("began", n); await new Promise<void>((resolve, reject) => { const t = setTimeout(resolve, 60_000); context().signal.addEventListener("abort", () => { clearTimeout(t); resolve(); }); }); return n; });
export default flow("slow", () => slow.map([1, 2, 3]));
export const open = flow("open", () => task("t", () => { setTimeout(() => {}, 4000); })());
export const bad = flow("bad", () => task("t", (x: {a: {b: string}}) => {
  return x.a.b.length;
}).map([{a: {b: "x"}}, {} as never]));
export const thrower = flow("thrower", () => { throw new TypeError("in the flow's function"); });
