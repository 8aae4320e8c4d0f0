import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type OpenedTokens, openServiceTokens } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const secretKey = "0123456789abcdef".repeat(4);
const logger = createLogger({ app: "gateway", level: "silent" });
const START_MS = Date.parse("2026-11-23T12:00:00Z");

let folder = "";
let file = "";
let opened: OpenedTokens;
let nowMs = START_MS;

beforeEach(async () => {
  nowMs = START_MS;
  folder = mkdtempSync(join(tmpdir(), "gatehouse-tokens-"));
  file = join(folder, "deep", "gateway.sqlite");
  opened = await openServiceTokens({ databaseUrl: `file:${file}`, secretKey }, { logger, now: () => nowMs });
});
afterEach(async () => {
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("service tokens", () => {
  test("are created for a year, enabled, and show their secret once", async () => {
    const created = await opened.tokens.create({ name: " stats bot " });
    expect(created).toMatchObject({ name: "stats bot", isEnabled: true, duration: "8760h", lastSeenAt: null });
    expect(created.expiresAt).toBe("2027-11-23T12:00:00.000Z");
    expect(created.clientSecret).toMatch(/^cfast_/);
    const { clientSecret, ...rest } = created;
    expect(await opened.tokens.list()).toEqual([rest]);
    expect(JSON.stringify(await opened.tokens.list())).not.toContain(clientSecret);
  });

  test("are kept without their secret: the database holds a hash that needs the secret key", async () => {
    const { clientSecret } = await opened.tokens.create({ name: "a" });
    const rows = new DatabaseSync(file, { readOnly: true }).prepare("SELECT * FROM service_token_secrets").all();
    expect(JSON.stringify(rows)).not.toContain(clientSecret.slice(6, 46));
    expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("may live forever, or as long as asked", async () => {
    expect((await opened.tokens.create({ name: "a", duration: "forever" })).expiresAt).toBeNull();
    expect((await opened.tokens.create({ name: "a", duration: "30m" })).expiresAt).toBe("2026-11-23T12:30:00.000Z");
  });

  test("are found by id and by client id, disabled, enabled and deleted", async () => {
    const { id, clientId } = await opened.tokens.create({ name: "a" });
    expect(await opened.tokens.get(clientId)).toMatchObject({ id });
    expect(await opened.tokens.disable(clientId)).toMatchObject({ isEnabled: false });
    expect(await opened.tokens.enable(id)).toMatchObject({ isEnabled: true });
    expect(await opened.tokens.delete(id)).toMatchObject({ clientId });
    await expect(opened.tokens.get(id)).rejects.toMatchObject({ code: "ERR_TOKEN_NOT_FOUND" });
  });

  test("are rotated: a new secret, the same client id, the old secret until the asked instant", async () => {
    const created = await opened.tokens.create({ name: "a" });
    const rotated = await opened.tokens.rotate(created.id, { previousSecretExpiresAt: "2026-11-24T12:00:00Z" });
    expect(rotated.clientId).toBe(created.clientId);
    expect(rotated.clientSecret).not.toBe(created.clientSecret);
    expect(rotated.secrets).toMatchObject([
      { version: 2, expiresAt: null },
      { version: 1, expiresAt: "2026-11-24T12:00:00.000Z" },
    ]);
    const again = await opened.tokens.rotate(created.id);
    expect(again.secrets).toMatchObject([
      { version: 3, expiresAt: null },
      { version: 2, expiresAt: "2026-11-23T12:00:00.000Z" },
    ]);
  });

  test("are not deleted while a stored rule names them, and the message says where", async () => {
    const { id } = await opened.tokens.create({ name: "a" });
    const document = JSON.stringify({ name: "bots", include: [{ service_token: { token_id: id } }] });
    const database = new DatabaseSync(file);
    const insert = database.prepare(
      "INSERT INTO groups (id, document, created_at, updated_at) VALUES ('g', ?, '', '')",
    );
    insert.run(document);
    const message = expect.stringContaining('group "bots"');
    await expect(opened.tokens.delete(id)).rejects.toMatchObject({ code: "ERR_TOKEN_IN_USE", message });
    database.exec("DELETE FROM groups");
    expect(await opened.tokens.delete(id)).toMatchObject({ id });
    database.close();
  });

  test("leave a line in the audit log with each change, without the secret", async () => {
    const { id, clientId, clientSecret } = await opened.tokens.create({ name: "a" });
    const rotated = await opened.tokens.rotate(id);
    await opened.tokens.update(id, { name: "b", isEnabled: false });
    await opened.tokens.refresh(id);
    await opened.tokens.delete(id);
    const database = new DatabaseSync(file, { readOnly: true });
    const lines = database.prepare("SELECT event, actor_kind, detail FROM audit_events ORDER BY seq").all();
    database.close();
    expect(lines.map(({ event }) => event)).toEqual([
      "service_token.created",
      "service_token.rotated",
      "service_token.disabled",
      "service_token.updated",
      "service_token.refreshed",
      "service_token.deleted",
    ]);
    expect(lines.every(({ actor_kind }) => actor_kind === "command_line")).toBe(true);
    expect(JSON.parse(String(lines[3]?.["detail"]))).toMatchObject({ id, name: "b", client_id: clientId });
    for (const secret of [clientSecret, rotated.clientSecret]) expect(JSON.stringify(lines)).not.toContain(secret);
  });

  test.each([
    [{ name: "" }, "ERR_TOKEN_INVALID"],
    [{ name: "x".repeat(101) }, "ERR_TOKEN_INVALID"],
    [{ name: "a", duration: "a year" }, "ERR_DURATION_INVALID"],
    [{ name: "a", duration: "0s" }, "ERR_DURATION_INVALID"],
    [{ name: "a", duration: "9999999h" }, "ERR_DURATION_INVALID"],
  ])("like %j are refused", async (token, code) => {
    await expect(opened.tokens.create(token)).rejects.toMatchObject({ code });
    expect(await opened.tokens.list()).toEqual([]);
  });

  test("cannot be opened under another secret key", async () => {
    const other = openServiceTokens({ databaseUrl: `file:${file}`, secretKey: "f".repeat(64) }, { logger });
    await expect(other).rejects.toMatchObject({ code: "ERR_SECRET_KEY_MISMATCH" });
  });

  test("need a database that is one", async () => {
    const other = openServiceTokens({ databaseUrl: `file:${folder}`, secretKey }, { logger });
    await expect(other).rejects.toMatchObject({ code: "ERR_STORE_UNUSABLE" });
  });
});
