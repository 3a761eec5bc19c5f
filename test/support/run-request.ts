// Owns: what a test opens a run with that is about something else.
import { flowRunId, type RunRequest } from "@millrace/core/seam";

export const plainRequest: RunRequest = {
  id: flowRunId("run"),
  flow: "f",
  name: "f-1",
  parameters: {},
  keepResults: "all",
  references: undefined,
  returned: [],
  inside: undefined,
};
