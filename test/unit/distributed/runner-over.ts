// Owns: a cluster runner under test: what it sends to whom is at hand, and what it tells its host.
import {
  flowRunId,
  realClock,
  type RunnerHost,
  taskRunId,
  templateId,
  SingleWork,
  type WorkTemplate,
} from "@millrace/core/seam";
import { type ClusterLinks, ClusterRunner, type ToWorker } from "@millrace/distributed/seam";

export type Sent = { readonly to: number; readonly message: ToWorker };

export const facts = { id: flowRunId("run"), flow: "f", name: "f-1", parameters: {} };
export const template: WorkTemplate = {
  id: templateId(0),
  name: "t",
  tags: [],
  slugPrefix: "t",
  args: [{ kind: "slot", slot: 0 }],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: { deaths: 3 },
  fn: () => undefined,
  made: { name: "t", origin: { trace: {}, bodies: [] } },
};

export const WORKER = {
  kind: "joined",
  address: "",
  slots: 64,
  resources: {},
  labels: [],
  memoryMax: 2 ** 40,
} as const;

/** A work of this task run that reads nothing. */
export const workOf = (taskRun: number, made: WorkTemplate = { ...template, args: [] }, run = facts): SingleWork =>
  new SingleWork(run, made, taskRunId(taskRun), 1, -1, taskRun);

export async function runnerOver(
  sent: Sent[],
  host: Partial<RunnerHost> = {},
  links: Partial<ClusterLinks> = {},
): Promise<ClusterRunner> {
  const runner = new ClusterRunner(
    {
      send: (to, messages) => void sent.push(...messages.map((message) => ({ to, message }))),
      follow: () => undefined,
      reports: () => undefined,
      warn: () => undefined,
      ...links,
    },
    realClock,
  );
  await runner.start({
    demand: () => undefined,
    outcomes: () => undefined,
    answers: () => undefined,
    valuesLost: () => undefined,
    reports: () => undefined,
    failed: () => undefined,
    ...host,
  });
  return runner;
}
