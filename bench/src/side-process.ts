// Owns: the process of one side: it prepares, and repeats when it is told to. Started by `side-client`.
import type { Prepare, SideAnswer, SideRequest } from "./side.js";

let repeat: (() => Promise<number>) | undefined;

async function answer(request: SideRequest): Promise<SideAnswer> {
  if (request.kind === "prepare") {
    const { prepare }: { readonly prepare: Prepare } = await import(`./sides/${request.side}.js`);
    repeat = await prepare(request.options);
    return { kind: "ready" };
  }
  if (repeat === undefined) throw new Error("a side is prepared before it repeats");
  // What the last repeat left is not this one's to clean up.
  globalThis.gc?.();
  return { kind: "figure", figure: await repeat() };
}

process.on("message", (request: SideRequest) => {
  void answer(request)
    .catch(
      (error: unknown): SideAnswer => ({
        kind: "failed",
        error: error instanceof Error ? String(error.stack) : String(error),
      }),
    )
    .then((message) => process.send?.(message));
});
process.on("disconnect", () => process.exit());
