import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { judge } from "../../admin/src/doctor/judge.ts";
import { BOT_SCOPES } from "../../admin/src/doctor/judge-slack.ts";
import type { Answer, Observations } from "../../admin/src/doctor/observation.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const DAY_MS = 86_400_000;
const AUD = "f".repeat(64);
const date = new Date(NOW_MS).toUTCString();

const answer = (status: number, headers: Answer["headers"] = {}, refusalBody = ""): Answer => ({
  status,
  headers: { date, ...headers },
  refusalBody,
  atMs: NOW_MS,
});
const refusal = (status: number, reason: string): Answer =>
  answer(status, { "cf-access-aud": AUD }, JSON.stringify({ reason, ray_id: "8f00" }));
const claims = { type: "app", iss: "https://team.example", aud: [AUD], iat: 0, exp: 900 };

/** Everything as it should be; each test changes one thing. */
const healthy = {
  url: "https://stats.example.com/api",
  name: { host: "stats.example.com", addresses: ["192.0.2.1"] },
  connection: { certificateEndsAtMs: NOW_MS + 60 * DAY_MS },
  anonymous: refusal(401, "no_credential"),
  clientId: "abc.access",
  withPair: { ...answer(200, { "cf-access-token-expires-at": "2027-11-23T00:00:00Z" }), token: { claims } },
  withToken: answer(200),
} satisfies Observations;

/** The codes of all that is not good. */
function faults(seen: Observations): string[] {
  return judge(seen, NOW_MS).flatMap(({ code, severity }) => (severity === "good" ? [] : [code]));
}

test("a healthy app has only good findings, one for each step", () => {
  expect(judge(healthy, NOW_MS).map(({ code }) => code)).toEqual([
    "NAME_RESOLVES",
    "REACHABLE",
    "ACCESS_PRESENT",
    "ADMITTED",
    "MODE_EXCHANGE",
    "TOKEN_GOOD",
    "CLOCK_GOOD",
    "SERVICE_TOKEN_GOOD",
  ]);
});

describe("one thing wrong", () => {
  const { withPair, name } = healthy;
  const login = answer(302, { location: "https://team.example/cdn-cgi/access/login/x?kid=k" });
  test.each<[string, Partial<Observations>, string]>([
    ["no address", { name: { ...name, failure: "ENOTFOUND" } }, "NAME_UNKNOWN"],
    ["no connection", { connection: { failure: "ECONNREFUSED" } }, "UNREACHABLE"],
    [
      "an untrusted certificate",
      { connection: { failure: "CERT_HAS_EXPIRED", isCertificateAtFault: true } },
      "CERTIFICATE_INVALID",
    ],
    [
      "a certificate of 14 days",
      { connection: { certificateEndsAtMs: NOW_MS + 14 * DAY_MS } },
      "CERTIFICATE_ENDS_SOON",
    ],
    ["an open door", { anonymous: answer(200) }, "ACCESS_ABSENT"],
    ["the app's own 401", { anonymous: answer(401, { "www-authenticate": "Basic" }) }, "ACCESS_ABSENT"],
    ["a failing gateway", { anonymous: answer(502) }, "GATEWAY_FAILS"],
    ["a failing app", { withPair: { ...withPair, status: 500 } }, "APP_FAILS"],
    ["a wrong secret", { withPair: refusal(401, "service_token_secret_mismatch") }, "CREDENTIALS_REFUSED"],
    ["no policy", { withPair: refusal(403, "no_policy_matched") }, "NOT_ADMITTED"],
    ["an Allow policy", { withPair: login }, "POLICY_WANTS_LOGIN"],
    [
      "an Allow policy, said by our gateway",
      { withPair: refusal(403, "service_token_needs_service_auth") },
      "POLICY_WANTS_LOGIN",
    ],
    ["a cookie that is no JWT", { withPair: { ...withPair, token: { claims: undefined } } }, "TOKEN_UNREADABLE"],
    ["a JWT that is not taken back", { withToken: refusal(403, "") }, "TOKEN_NOT_REUSABLE"],
    [
      "a JWT for another application",
      { withPair: { ...withPair, token: { claims: { ...claims, aud: "0" } } } },
      "TOKEN_AUDIENCE_DIFFERS",
    ],
    [
      "a JWT of 59 seconds",
      { withPair: { ...withPair, token: { claims: { ...claims, exp: 59 } } } },
      "TOKEN_SHORT_LIVED",
    ],
    ["a clock 21 s ahead", { anonymous: { ...healthy.anonymous, atMs: NOW_MS + 21_000 } }, "CLOCK_SKEWED"],
    [
      "a service token of 30 days",
      { withPair: { ...withPair, headers: { "cf-access-token-expires-at": "2026-12-23T13:00:00Z" } } },
      "SERVICE_TOKEN_ENDS_SOON",
    ],
  ])("%s", (_, change, code) => {
    expect(faults({ ...healthy, ...change })).toEqual([code]);
  });

  test("no credentials", () => {
    const { withPair: _pair, withToken: _token, clientId: _id, ...rest } = healthy;
    expect(faults({ ...rest, credentialsFailure: "CLOUDFLARE_ACCESS_CLIENT_ID is not set." })).toEqual([
      "CREDENTIALS_MISSING",
    ]);
  });
});

test("a strict gateway is healthy, and named", () => {
  const { withToken: _, ...rest } = { ...healthy, withPair: answer(200) };
  expect(faults(rest)).toEqual([]);
  expect(judge(rest, NOW_MS).map(({ code }) => code)).toContain("MODE_PAIR");
});

test("each fault comes with advice", () => {
  const findings = judge({ ...healthy, withPair: refusal(401, "service_token_expired") }, NOW_MS);
  expect(findings.find(({ code }) => code === "CREDENTIALS_REFUSED")).toMatchObject({
    text: expect.stringContaining("ray 8f00"),
    advice: expect.stringContaining("refresh"),
  });
});

test("the doctor looks for exactly the scopes that the bot's manifest asks for", () => {
  const manifest = parse(readFileSync("bot/manifest.socket.yaml", "utf8")) as {
    oauth_config: { scopes: { bot: string[] } };
  };
  expect(BOT_SCOPES.toSorted()).toEqual(manifest.oauth_config.scopes.bot.toSorted());
});
