import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePolicyFile } from "@gatehouse/gateway";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditPage } from "../../../gateway/src/audit/audit-log.ts";
import { AUD, startGateway, type TestGateway } from "../support/gateway.ts";

let folder: string;
let policyFile: string;
let it: TestGateway;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-policies-"));
  policyFile = join(folder, "policies.yaml");
  writeFileSync(policyFile, policiesOf("Stats"));
  it = await startGateway({ admin: true, config: { policyFile, policies: parsePolicyFile(policiesOf("Stats")) } });
});
afterEach(async () => {
  await it.close();
  rmSync(folder, { recursive: true });
});

const policiesOf = (name: string) => `
applications:
  - name: ${name}
    aud: ${AUD}
    domain: localhost
    origin: http://127.0.0.1:9
    policies: [{ name: all, decision: bypass, include: [{ everyone: {} }] }]`;

async function fileLines(): Promise<readonly unknown[]> {
  const response = await fetch(`${it.adminUrl}/client/v4/accounts/x/access/logs/audit?event=policy_file.*`, {
    headers: { authorization: `Bearer ${it.apiToken}` },
  });
  return ((await response.json()) as { result: AuditPage }).result.lines
    .toReversed()
    .map((line) => line.detail["applications"]);
}

test("a change of the policy file is a line, once, and a start with the same file is none", async () => {
  await expect.poll(fileLines, { timeout: 10_000 }).toEqual([["Stats"]]);
  await it.restart();
  writeFileSync(policyFile, policiesOf("Reports"));
  await expect.poll(fileLines, { timeout: 10_000 }).toEqual([["Stats"], ["Reports"]]);
});
