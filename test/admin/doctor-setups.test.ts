import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { BOT_SCOPES } from "../../admin/src/doctor/judge-slack.ts";
import { createAuthority } from "../gateway/support/certificates.ts";
import { AUD, freePort, startGateway, type TestGateway, type TestGatewayOptions } from "../gateway/support/gateway.ts";
import { run } from "./support/run.ts";

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly advice?: string;
  readonly mendedBy?: string;
}

const HOUR_MS = 3_600_000;
const open: { close(): Promise<void> }[] = [];
let gateway: TestGateway;

async function start(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const started = await startGateway(options);
  open.push(started);
  // As an app that checks its assertion.
  started.origin.answerWith((request, response) => {
    const isGateway = String(request.headers["cf-access-jwt-assertion"] ?? "").startsWith("eyJ");
    const isForged = String(request.headers["cf-access-jwt-assertion"] ?? "").endsWith("AAAA");
    response.writeHead(isGateway && !isForged ? 200 : 401).end();
  });
  return started;
}

beforeEach(async () => {
  gateway = await start();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function listenOn(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Slack's two methods, as far as the doctor asks them. */
function slack(answers: { bot?: object; socket?: object; scopes?: readonly string[] } = {}): Promise<string> {
  const { bot = { ok: true }, socket = { ok: true }, scopes = BOT_SCOPES } = answers;
  return listenOn((request, response) => {
    const isBot = request.url?.endsWith("/auth.test");
    response.setHeader("x-oauth-scopes", scopes.join(","));
    response.end(JSON.stringify(isBot ? bot : socket));
  });
}

interface Examined {
  readonly exitCode: number;
  readonly faults: readonly Finding[];
  readonly text: string;
}

async function examine(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  { at = gateway, ...options }: { at?: TestGateway; now?: () => number } = {},
): Promise<Examined> {
  const { clientId, clientSecret } = at.token;
  const pair = { CLOUDFLARE_ACCESS_CLIENT_ID: clientId, CLOUDFLARE_ACCESS_CLIENT_SECRET: clientSecret };
  const all = ["doctor", "--json", "--url", `${at.url}/api`, ...args];
  const { exitCode, out } = await run(all, { env: { ...pair, ...env }, ...options });
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
  for (const secret of [clientSecret, "xoxb-", "xapp-"]) expect(out).not.toContain(secret);
  return { exitCode, faults: findings.filter(({ severity }) => severity !== "good"), text: out };
}

/** `CODE mender` of each row of the table. */
const ROWS = readFileSync("docs/errors.md", "utf8")
  .split("\n")
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .map(([, code = "", , who = ""]) => `${code.replaceAll("`", "")} ${who.split(/\W/, 1)[0]?.toLowerCase()}`);

const url = (target: string): readonly string[] => ["--url", target];

test("the healthy set-up has no fault, whatever is asked for", async () => {
  const env = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_API_URL: await slack() };
  const { faults, exitCode } = await examine(["--origin", gateway.origin.url, "--audience", AUD], env);
  expect(faults).toEqual([]);
  expect(exitCode).toBe(0);
});

describe("a broken set-up is named, and nothing else is", () => {
  type Breaking = () => Promise<Examined>;
  const wrongUrl =
    (make: () => string | Promise<string>): Breaking =>
    async () =>
      examine(url(await make()));
  const elsewhere =
    (options: TestGatewayOptions): Breaking =>
    async () =>
      examine([], {}, { at: await start(options) });
  const policy = (decision: string, include: string) => `
      - name: bots
        decision: ${decision}
        include: [${include}]`;

  const setups: readonly (readonly [what: string, code: string, breaking: Breaking])[] = [
    ["a name that has no address", "NAME_UNKNOWN", wrongUrl(() => "https://nowhere.invalid/")],
    ["nobody listening", "UNREACHABLE", wrongUrl(async () => `http://127.0.0.1:${await freePort()}/`)],
    ["a certificate that nobody signed", "CERTIFICATE_INVALID", wrongUrl(selfSigned)],
    ["no Access in front", "ACCESS_ABSENT", wrongUrl(() => listenOn((_, response) => response.end("open")))],
    [
      "an app that fails",
      "APP_FAILS",
      async () => {
        gateway.origin.answerWith((_, response) => response.writeHead(500).end());
        return examine();
      },
    ],
    ["https to a port of plain http", "TLS_FAILS", wrongUrl(() => gateway.url.replace("http:", "https:"))],
    [
      "the URL of the app itself, past the gateway",
      "ACCESS_ABSENT",
      wrongUrl(() => listenOn((_, response) => response.writeHead(401).end())),
    ],
    [
      "an app that refuses what Access let through",
      "APP_REFUSES",
      async () => {
        gateway.origin.answerWith((_, response) => response.writeHead(401).end());
        return examine();
      },
    ],
    ["no credentials", "CREDENTIALS_MISSING", () => examine([], { CLOUDFLARE_ACCESS_CLIENT_SECRET: "" })],
    ["a wrong secret", "CREDENTIALS_REFUSED", () => examine([], { CLOUDFLARE_ACCESS_CLIENT_SECRET: "cfast_wrong" })],
    [
      "a disabled token",
      "CREDENTIALS_REFUSED",
      async () => {
        await gateway.gateway.tokens.disable(gateway.token.id);
        return examine();
      },
    ],
    [
      "a token that ended",
      "CREDENTIALS_REFUSED",
      async () => {
        gateway.clock.nowMs += 8_761 * HOUR_MS;
        return examine();
      },
    ],
    [
      "the classic: an Allow policy",
      "POLICY_WANTS_LOGIN",
      elsewhere({ policies: policy("allow", "{ everyone: {} }") }),
    ],
    [
      "a policy for another token",
      "NOT_ADMITTED",
      elsewhere({
        policies: policy("non_identity", "{ service_token: { token_id: 99999999-2222-4333-8444-555555555555 } }"),
      }),
    ],
    [
      "an app that expects another audience",
      "TOKEN_AUDIENCE_UNEXPECTED",
      () => examine(["--audience", "b".repeat(64)]),
    ],
    [
      "a JWT that the published keys do not verify",
      "TOKEN_UNVERIFIABLE",
      async () => examine([], {}, { at: await start({ config: { issuer: `http://localhost:${await freePort()}` } }) }),
    ],
    [
      "an app that is open past the gateway",
      "ORIGIN_OPEN",
      async () => examine(["--origin", await listenOn((_, response) => response.end("open"))]),
    ],
    [
      "an app that believes any assertion",
      "ORIGIN_TRUSTS_ANYONE",
      async () =>
        examine([
          "--origin",
          await listenOn((request, response) =>
            response.writeHead(request.headers["cf-access-jwt-assertion"] ? 200 : 401).end(),
          ),
        ]),
    ],
    [
      "a token that ends in ten days",
      "SERVICE_TOKEN_ENDS_SOON",
      async () => {
        await gateway.gateway.tokens.update(gateway.token.id, { duration: "240h" });
        return examine();
      },
    ],
    ["a clock ten minutes off", "CLOCK_SKEWED", () => examine([], {}, { now: () => Date.now() + HOUR_MS / 6 })],
    ["a JWT that hardly lives", "TOKEN_SHORT_LIVED", elsewhere({ fields: "\n    session_duration: 30s" })],
    [
      "a Slack token that was revoked",
      "SLACK_TOKEN_REFUSED",
      async () => {
        const SLACK_API_URL = await slack({ bot: { ok: false, error: "token_revoked" } });
        return examine([], { SLACK_BOT_TOKEN: "xoxb-1", SLACK_API_URL });
      },
    ],
    [
      "a Slack app without a scope",
      "SLACK_SCOPES_MISSING",
      async () => examine([], { SLACK_BOT_TOKEN: "xoxb-1", SLACK_API_URL: await slack({ scopes: ["chat:write"] }) }),
    ],
    [
      "Socket Mode switched off",
      "SLACK_SOCKET_REFUSED",
      async () => {
        const SLACK_API_URL = await slack({ socket: { ok: false, error: "not_allowed_token_type" } });
        return examine([], { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_API_URL });
      },
    ],
    [
      "no way to Slack",
      "SLACK_UNREACHABLE",
      async () => examine([], { SLACK_BOT_TOKEN: "xoxb-1", SLACK_API_URL: `http://127.0.0.1:${await freePort()}` }),
    ],
  ];

  test.each(setups)("%s", async (_, code, breaking) => {
    const { faults, exitCode } = await breaking();
    expect(faults.map((finding) => finding.code)).toEqual([code]);
    expect(faults[0]?.advice?.length).toBeGreaterThan(10);
    expect(ROWS).toContain(`${code} ${faults[0]?.mendedBy}`);
    expect(exitCode).toBe(1);
  });
});

async function selfSigned(): Promise<string> {
  const { cert, key } = createAuthority().issue([["CN", "localhost"]]);
  const server = createTlsServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}
