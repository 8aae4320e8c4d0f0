import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePolicyFile } from "@gatehouse/gateway";
import { expect, test } from "vitest";
import { type PolicyFileOptions, writePolicyFile } from "../../local/policy-file.ts";

function options(changes: Partial<PolicyFileOptions> = {}): PolicyFileOptions {
  return {
    folder: mkdtempSync(join(tmpdir(), "gatehouse-policies-")),
    audience: "a".repeat(64),
    serviceTokenId: "00000000-0000-4000-8000-000000000001",
    gatewayPort: 4001,
    statsPort: 4002,
    ...changes,
  };
}

test("the first file is one that the gateway reads, for the bot and the company's people", () => {
  const { text, path } = writePolicyFile(options());
  const [application] = parsePolicyFile(text, path).applications;
  expect(application?.domain).toBe("localhost:4001");
  expect(application?.policies.map(({ decision }) => decision)).toEqual(["non_identity", "allow"]);
});

test("a later start keeps what somebody wrote into it, and moves only addresses and the token's id", () => {
  const first = options();
  const { path, text } = writePolicyFile(first);
  const edited = text.replace("acme.example", "example.org").replace("session_duration: 24h", "session_duration: 1h");
  writeFileSync(path, edited);
  const serviceTokenId = "00000000-0000-4000-8000-000000000002";
  const later = writePolicyFile({ ...first, serviceTokenId, gatewayPort: 5001, statsPort: 5002 });
  expect(later.text).toBe(
    edited
      .replace("localhost:4001", "localhost:5001")
      .replace("127.0.0.1:4002", "127.0.0.1:5002")
      .replace(first.serviceTokenId, serviceTokenId),
  );
  expect(readFileSync(path, "utf8")).toBe(later.text);
});
