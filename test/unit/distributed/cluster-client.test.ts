// A client's executor: what it does with what its scheduler says, and what it keeps.
import { flowRunId, nodeId, type RunRequest } from "@millrace/core/seam";
import { type ClientPort, ClusterClient, type FromClient } from "@millrace/distributed/seam";
import { expect, test } from "vitest";

const run = flowRunId("run");
const request: RunRequest = {
  id: run,
  flow: "f",
  name: "f-1",
  parameters: {},
  keepResults: "all",
  references: undefined,
  returned: [],
  inside: undefined,
};

class Client {
  readonly said: FromClient[] = [];
  readonly port: ClientPort = {
    send: (messages) => void this.said.push(...messages),
    follow: () => undefined,
    keyOf: ({ made }) => ({ code: "code", source: "", name: made.name }),
  };
  readonly executor = new ClusterClient("Cluster", this.port, () => false);
}

test("a run that broke is forgotten, and what it was asked is answered", async () => {
  const { executor } = new Client();
  const link = executor.open(request);
  const explained = link.explain(nodeId(0));
  expect(executor.runs).toBe(1);
  executor.received({ kind: "broke", run, failure: { name: "Stuck", code: "STUCK", message: "no" } });
  await expect(explained).rejects.toMatchObject({ code: "STUCK" });
  await expect(link.done).rejects.toMatchObject({ code: "STUCK" });
  expect(executor.runs).toBe(0);
  await executor.close();
});
