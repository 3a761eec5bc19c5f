import { flow, task } from "millrace";
const slow = task("slow", async (n: number) => { await new Promise<void>((resolve) => setTimeout(resolve, n * 20)); if (n % 10 === 0) console.log("did", n); return n; });
export default flow("slow", () => slow.map(Array.from({length: 60}, (_, i) => i)));
