import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileCredentials } from "@gatehouse/access-client";
import { openJournal } from "@gatehouse/admin/rotation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../../gateway/support/gateway.ts";
import { type BotFixture, type BotFixtureOptions, startBotFixture } from "../support/bot-fixture.ts";
import { catalogue } from "../support/catalogue.ts";

let gateway: TestGateway;
let folder: string;
let file: string;
let fixture: BotFixture;
const fixtures: BotFixture[] = [];

beforeEach(async () => {
  gateway = await startGateway({ admin: true });
  gateway.origin.answerWith((request, response) => {
    const body = request.url === "/api/v1/me" ? { kind: "service", clientId: gateway.token.clientId } : catalogue;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  folder = mkdtempSync(join(tmpdir(), "gatehouse-bot-"));
  file = join(folder, "bot.env");
  const { clientId, clientSecret } = gateway.token;
  const lines = ["# Ours since 2019.", `CLOUDFLARE_ACCESS_CLIENT_SECRET='${clientSecret}'`, "OTHER=1", ""];
  writeFileSync(file, [`export CLOUDFLARE_ACCESS_CLIENT_ID=${clientId}`, ...lines].join("\n"), { mode: 0o600 });
  fixture = await openBot();
});
afterEach(async () => {
  await Promise.all(fixtures.splice(0).map((one) => one.close()));
  await gateway.close();
  rmSync(folder, { recursive: true });
});

async function openBot(changes: BotFixtureOptions = {}): Promise<BotFixture> {
  const opened = await startBotFixture({
    admins: { users: ["U1", "U2"] },
    adminApi: { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "gatehouse", apiToken: gateway.apiToken },
    ...changes,
    stats: {
      url: gateway.url,
      credentials: fileCredentials(file, { intervalMs: 50 }),
      credentialsFile: file,
      ...changes.stats,
    },
  });
  fixtures.push(opened);
  return opened;
}

const rotate = { action_id: "admin_rotate", value: "1" };
const ephemeral = (user = "U1") => ({
  user: { id: user, team_id: "T1" },
  container: { type: "message", message_ts: "1700000000.000001", channel_id: "C1", is_ephemeral: true },
});
const replies = (): string[] => fixture.slack.callsOf("respond").map(({ args }) => JSON.stringify(args));
const versions = async () => (await gateway.gateway.tokens.get(gateway.token.id)).secrets.map(({ version }) => version);
const journals = (): string[] =>
  readdirSync(join(folder, ".gatehouse-rotation")).filter((name) => name.endsWith(".json"));
const secretInFile = (): string => /SECRET='?([^'\n]+)/.exec(readFileSync(file, "utf8"))?.[1] ?? "";

async function opensTheGate(clientSecret: string): Promise<boolean> {
  const headers = { "CF-Access-Client-Id": gateway.token.clientId, "CF-Access-Client-Secret": clientSecret };
  return (await fetch(`${gateway.url}/`, { headers, redirect: "manual" })).status === 200;
}

describe("the card, over our gateway's API", () => {
  test("shows the token's name, end and version, and the button", async () => {
    await fixture.command("admin");
    const [card = ""] = replies();
    expect(card).toContain("Service token “stats bot”");
    expect(card).toContain("version 1");
    expect(card).toContain("🟢 *All is well.*");
    expect(card).toContain('"action_id":"admin_rotate"');
    expect(card).toContain('"confirm":{"title"');
    expect(card).toContain('"response_type":"ephemeral"');
  });

  test("says why there is no button: credentials that are not in a file, or in one that cannot be written", async () => {
    await fixture.close();
    fixtures.length = 0;
    const { clientId, clientSecret } = gateway.token;
    const credentials = { name: "static", read: () => ({ clientId, clientSecret }) };
    fixture = await startBotFixture({
      admins: { users: ["U1"] },
      adminApi: { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "gatehouse", apiToken: gateway.apiToken },
      stats: { url: gateway.url, credentials },
    });
    fixtures.push(fixture);
    await fixture.command("admin");
    expect(replies()[0]).toContain("CLOUDFLARE_ACCESS_CREDENTIALS_FILE");
    expect(replies()[0]).not.toContain("admin_rotate");
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("*Nothing was done.*");
    expect(await versions()).toEqual([1]);
    fixture = await openBot({ stats: { credentialsFile: join(folder, "gone.env") } });
    await fixture.command("admin");
    expect(replies()[0]).toContain("gone.env cannot be read (ENOENT)");
    expect(replies()[0]).not.toContain("admin_rotate");
  });
});

describe("Rotate", () => {
  test("makes, writes, proves and takes up a new secret, and turns the card into what came of it", async () => {
    const old = gateway.token.clientSecret;
    await fixture.press(rotate, ephemeral());
    const [working = "", done = "", ...more] = replies();
    expect(more).toEqual([]);
    expect(working).toContain("Rotating the secret");
    expect(done).toContain("*Rotated* by <@U1>");
    expect(done).toContain("and I use it already");
    expect(done).toContain("version 2");
    for (const reply of [working, done]) expect(reply).toContain('"response_type":"ephemeral","replace_original":true');
    expect(await versions()).toEqual([2, 1]);
    expect(secretInFile()).not.toBe(old);
    expect(await opensTheGate(secretInFile())).toBe(true);
    expect(await opensTheGate(old)).toBe(true);
    gateway.clock.nowMs += 24 * 3_600_000 + 5_000;
    expect(await opensTheGate(old)).toBe(false);
  });

  test("leaves the file's comments, order, other variables and mode as they were", async () => {
    await fixture.press(rotate, ephemeral());
    const text = readFileSync(file, "utf8");
    expect(text).toBe(
      `export CLOUDFLARE_ACCESS_CLIENT_ID=${gateway.token.clientId}\n# Ours since 2019.\nCLOUDFLARE_ACCESS_CLIENT_SECRET='${secretInFile()}'\nOTHER=1\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(journals()).toEqual([]);
  });

  test("shows no secret in chat or log", async () => {
    const old = gateway.token.clientSecret;
    await fixture.command("admin");
    await fixture.press(rotate, ephemeral());
    const all = JSON.stringify(fixture.slack.calls) + fixture.logs.join("");
    expect(all).toContain("Rotated to version 2");
    for (const secret of [old, secretInFile(), gateway.apiToken]) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });

  test("pressed by two admins at once rotates once, and both are told", async () => {
    await Promise.all([fixture.press(rotate, ephemeral("U1")), fixture.press(rotate, ephemeral("U2"))]);
    expect(await versions()).toEqual([2, 1]);
    expect(replies().filter((reply) => reply.includes("and I use it already"))).toHaveLength(2);
  });

  test("on a card that is older than the last rotation does nothing, and says so", async () => {
    await fixture.press(rotate, ephemeral("U1"));
    await fixture.press(rotate, ephemeral("U2"));
    expect(await versions()).toEqual([2, 1]);
    expect(replies().at(-1)).toContain("*Nothing was done*");
  });

  test("is refused to whoever is no admin, pressed or forged, and nothing is called", async () => {
    await fixture.press(rotate, ephemeral("U666"));
    expect(await versions()).toEqual([1]);
    expect(replies()).toHaveLength(1);
    expect(replies()[0]).toContain("This is for my admins. Please ask <@U1> or <@U2>.");
    expect(replies()[0]).not.toContain("stats bot");
  });

  test("sent twice by Slack is done once", async () => {
    await Promise.all([1, 2].map(() => fixture.press(rotate, { ...ephemeral(), trigger_id: "same" })));
    expect(replies()).toHaveLength(2);
  });

  test("follows a symbolic link to the file, which stays a link", async () => {
    const link = join(folder, "link.env");
    symlinkSync(file, link);
    fixture = await openBot({
      stats: { credentials: fileCredentials(link, { intervalMs: 50 }), credentialsFile: link },
    });
    await fixture.press(rotate, ephemeral());
    expect(readFileSync(link, "utf8")).toContain("# Ours since 2019.");
    expect(await opensTheGate(secretInFile())).toBe(true);
    expect(secretInFile()).not.toBe(gateway.token.clientSecret);
  });
});

describe("a rotation that cannot be done says why, and what to do", () => {
  test("the API is away: nothing is changed", async () => {
    fixture = await openBot({ adminApi: { baseUrl: "http://127.0.0.1:1/client/v4", accountId: "a", apiToken: "x" } });
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("*The rotation stopped.* The admin API cannot be reached.");
    expect(replies().at(-1)).toContain("I work, but cannot look the token up");
    expect(secretInFile()).toBe(gateway.token.clientSecret);
  });

  test("the API token is unknown, or may not rotate", async () => {
    const at = { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "gatehouse" };
    fixture = await openBot({ adminApi: { ...at, apiToken: `gatehouse_${"x".repeat(48)}` } });
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("does not accept my API token");
    const { secret } = await gateway.gateway.apiTokens.create({ name: "reader", scopes: ["service_tokens:read"] });
    fixture = await openBot({ adminApi: { ...at, apiToken: secret } });
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("Access: Service Tokens Write");
    expect(replies().at(-1)).not.toContain("not finished");
    expect(await versions()).toEqual([1]);
  });

  test("the token is of another account", async () => {
    writeFileSync(file, JSON.stringify({ client_id: `${"9".repeat(32)}.access`, client_secret: "x" }));
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("knows no service token with my client id");
  });

  test("what it has to note cannot be noted: nothing is changed", async () => {
    writeFileSync(join(folder, ".gatehouse-rotation"), "in the way");
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("*The rotation stopped.*");
    expect(replies().at(-1)).toContain(".gatehouse-rotation");
    expect(await versions()).toEqual([1]);
    expect(secretInFile()).toBe(gateway.token.clientSecret);
  });

  test("a second rotation while the first one's old secret is in use elsewhere is refused, and says so", async () => {
    const old = gateway.token.clientSecret;
    await fixture.press(rotate, ephemeral());
    expect(await opensTheGate(old)).toBe(true);
    const seen = async () => (await gateway.gateway.tokens.get(gateway.token.id)).secrets.map((one) => one.lastSeenAt);
    await expect.poll(seen, { timeout: 20_000 }).not.toContain(null);
    await fixture.press({ action_id: "admin_rotate", value: "2" }, ephemeral());
    expect(replies().at(-1)).toContain("An earlier rotation is not over");
    expect(await versions()).toEqual([2, 1]);
  });

  test("the gateway is gone while it proves: the next press goes on, with a secret that was never lost", async () => {
    const old = gateway.token.clientSecret;
    fixture = await openBot({ stats: { url: "http://127.0.0.1:1" } });
    await fixture.press(rotate, ephemeral());
    expect(replies().at(-1)).toContain("The new secret did not open http://127.0.0.1:1/api/v1/me");
    expect(await opensTheGate(old)).toBe(true);
    expect(await opensTheGate(secretInFile())).toBe(true);
    fixture = await openBot();
    await fixture.command("admin");
    expect(replies()[0]).toContain("*A rotation was begun and not finished.*");
    await fixture.press({ action_id: "admin_rotate", value: "2" }, ephemeral());
    expect(replies().at(-1)).toContain("*Rotated*");
    expect(replies().at(-1)).toContain("and I use it already");
    expect(await versions()).toEqual([2, 1]);
    expect(journals()).toEqual([]);
  });
});

describe("a bot that died in the middle of a rotation goes on when it starts", () => {
  const NEW = 2;

  test.each([
    ["before the API was called", { isCalled: false, step: "rotating" }, NEW],
    ["before the API's answer was noted, so that its secret is lost", { isCalled: true, step: "rotating" }, NEW + 1],
    ["before the new secret was written", { isCalled: true, step: "writing" }, NEW],
    ["before the new secret was proven", { isCalled: true, step: "proving" }, NEW],
  ] as const)("%s", async (_, { isCalled, step }, version) => {
    const { id, clientId, clientSecret } = gateway.token;
    const startedAt = new Date(gateway.clock.nowMs).toISOString();
    const overlapEndsAt = new Date(gateway.clock.nowMs + 3_600_000).toISOString();
    const overlap = { previousSecretExpiresAt: overlapEndsAt };
    const rotated = isCalled ? await gateway.gateway.tokens.rotate(id, overlap) : undefined;
    const journal = openJournal(`${gateway.adminUrl}/client/v4`, join(folder, ".gatehouse-rotation"));
    await journal.alone(id, async () => undefined);
    const isNoted = rotated !== undefined && step !== "rotating";
    await journal.write({
      tokenId: id,
      step,
      fromVersion: 1,
      overlapEndsAt,
      sink: `credentials file ${file}`,
      startedAt,
      ...(isNoted && { version: NEW, pair: { clientId, clientSecret: rotated.clientSecret } }),
    });
    expect(secretInFile()).toBe(clientSecret);
    fixture = await openBot();
    await expect.poll(journals, { timeout: 20_000 }).toEqual([]);
    expect(await versions()).toEqual([version, 1]);
    expect(await opensTheGate(secretInFile())).toBe(true);
    expect(await opensTheGate(clientSecret)).toBe(true);
    gateway.clock.nowMs += 25 * 3_600_000;
    expect(await opensTheGate(secretInFile())).toBe(true);
    expect(await opensTheGate(clientSecret)).toBe(false);
  });
});
