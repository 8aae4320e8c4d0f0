import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openState } from "../../local/state.ts";
import { botCredentials } from "./support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";
import { joinChat, type Person } from "./support/person.ts";

let stack: LocalStack;
let ada: Person;
const seen: string[] = [];

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
  ada = await joinChat(stack.chatUrl);
});
afterAll(async () => {
  ada.close();
  await discard(stack);
});

/** Goes through the gateway as a stranger or a mistaken bot would, and keeps what it was told. */
async function knock(headers: Record<string, string>, path = "/api/v1/metrics"): Promise<Response> {
  const response = await fetch(`${stack.dashboardUrl}${path}`, { headers, redirect: "manual" });
  seen.push(await response.text(), JSON.stringify([...response.headers].filter(([name]) => name !== "set-cookie")));
  return response;
}

test("no secret, JWT or Slack token is in any log line, refusal or chat message", async () => {
  const { gatewaySecretKey, oidcClientSecret, adminToken } = await openState(stack.folder, Date.now());
  const { clientId, clientSecret } = botCredentials(stack.folder);
  const pair = { "cf-access-client-id": clientId, "cf-access-client-secret": clientSecret };
  const exchange = await knock(pair);
  const jwt = /CF_Authorization=([^;]+)/.exec(exchange.headers.getSetCookie().join("\n"))?.[1] ?? "";
  expect(jwt).toMatch(/^eyJ/);

  await knock({ ...pair, "cf-access-client-secret": `${clientSecret}x` });
  await knock({ "cf-access-token": `${jwt}x` });
  await knock({ cookie: `CF_Authorization=${jwt}` }, `/api/v1/nothing?secret=${clientSecret}`);
  await knock({ ...pair, "cf-access-token": jwt });
  await knock({ authorization: `Bearer ${clientSecret}` });
  await fetch(`${stack.originUrl}/api/v1/metrics`, { headers: { "cf-access-jwt-assertion": `${jwt}x` } });
  for (const line of ["/stats signups", `/stats ${clientSecret}`, "@stats help", "@stats nonsense of all kinds"]) {
    seen.push(JSON.stringify(await ada.ask(line)).replaceAll(line.slice(7), ""));
  }

  const database = new DatabaseSync(join(stack.folder, "workspace.sqlite"), { readOnly: true });
  const tokens = JSON.stringify(database.prepare("select * from secrets").all()).match(/x(?:oxb|app)-[\w-]+/g) ?? [];
  database.close();
  expect(tokens).toHaveLength(2);

  const log = stack.log.map((line) => JSON.stringify(line)).join("\n");
  expect(log).toContain("service_token_secret_mismatch");
  const signature = jwt.split(".")[2] ?? "";
  const secrets = [clientSecret, gatewaySecretKey, oidcClientSecret, adminToken?.secret ?? "", signature, ...tokens];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(16);
    expect(log.includes(secret), `the log has ${secret.slice(0, 6)}…`).toBe(false);
    expect(seen.join("\n").includes(secret), `an answer has ${secret.slice(0, 6)}…`).toBe(false);
  }
});

test("the gateway's database has neither the secret nor a private key that can be read", () => {
  const { clientId, clientSecret } = botCredentials(stack.folder);
  const bytes = ["gateway.sqlite", "gateway.sqlite-wal"]
    .map((name) => readFileSync(join(stack.folder, name), "latin1"))
    .join("");
  expect(bytes).toContain(clientId);
  expect(bytes).not.toContain(clientSecret);
  expect(bytes).not.toMatch(/PRIVATE KEY|"d":/);
});

test("every database and every secret on disk is its owner's alone", () => {
  const files = readdirSync(stack.folder).filter((name) => /^(?:state|access)\.|\.(?:sqlite|duckdb)/.test(name));
  expect(files.length).toBeGreaterThanOrEqual(5);
  const open = files.filter((name) => (statSync(join(stack.folder, name)).mode & 0o077) !== 0);
  // DuckDB makes its log of writes anew at will; the folder is closed to others.
  expect(open.filter((name) => name !== "stats.duckdb.wal")).toEqual([]);
  expect(statSync(stack.folder).mode & 0o077).toBe(0);
});
