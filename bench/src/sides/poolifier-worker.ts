// Owns: what a thread of poolifier runs. It tells functions that give promises by the word async.
import { ThreadWorker } from "poolifier";
import { twice } from "./thread-tasks.js";

export const worker = new ThreadWorker<number, number>(async (x) => twice(x ?? 0));
