// Owns: what a thread of workerpool runs.
import { worker } from "workerpool";
import { twice } from "./thread-tasks.js";

worker({ twice });
