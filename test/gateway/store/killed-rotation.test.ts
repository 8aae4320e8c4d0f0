import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openServiceTokens } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import { expect, test } from "vitest";

const secretKey = "0123456789abcdef".repeat(4);
const logger = createLogger({ app: "gateway", level: "silent" });
/** Rotates one token for as long as it lives, and prints each new secret's version once the change is told to be done. */
const ROTATOR = `
  import { openServiceTokens } from "@gatehouse/gateway";
  import { createLogger } from "@gatehouse/service";
  const [databaseUrl, secretKey, id] = process.argv.slice(1);
  const logger = createLogger({ app: "rotator", level: "silent" });
  const { tokens } = await openServiceTokens({ databaseUrl, secretKey }, { logger });
  for (;;) {
    const { secrets: [current] } = await tokens.rotate(id, { previousSecretExpiresAt: "2099-01-01T00:00:00Z" });
    process.stdout.write(current.version + "\\n");
  }`;

test("kill -9 in the midst of rotations leaves a whole token: one current secret, one previous, and each change with its line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-killed-"));
  const file = join(folder, "gateway.sqlite");
  const config = { databaseUrl: `file:${file}`, secretKey };
  try {
    const opened = await openServiceTokens(config, { logger });
    const { id } = await opened.tokens.create({ name: "bot" });
    await opened.close();
    for (let round = 0; round < 3; round++) {
      const told = await rotateAndKill(config, id, 5 + round * 3);
      const again = await openServiceTokens(config, { logger });
      const { secrets } = await again.tokens.get(id);
      const [current, previous, ...more] = secrets;
      expect(current.version).toBeGreaterThanOrEqual(told);
      expect(current.expiresAt).toBeNull();
      expect([previous?.version, previous?.expiresAt]).toEqual([current.version - 1, "2099-01-01T00:00:00.000Z"]);
      expect(more).toEqual([]);
      expect(count(file, "audit_events WHERE event = 'service_token.rotated'")).toBe(current.version - 1);
      expect(count(file, "retired_secrets")).toBe(Math.min(20, current.version - 2));
      expect((await again.tokens.rotate(id)).clientSecret).toMatch(/^cfast_/);
      await again.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

/** The last version that the process told of before it was killed. */
async function rotateAndKill(config: { databaseUrl: string; secretKey: string }, id: string, after: number) {
  const cwd = join(import.meta.dirname, "../../..");
  const args = ["--input-type=module-typescript", "-e", ROTATOR, config.databaseUrl, config.secretKey, id];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
    if (text.split("\n").length > after) child.kill("SIGKILL");
  });
  await once(child, "close");
  return Number(text.trimEnd().split("\n").at(-1));
}

function count(file: string, what: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare(`SELECT count(*) AS count FROM ${what}`).get();
  database.close();
  return row?.["count"];
}
