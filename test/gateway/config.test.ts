import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, type Environment } from "@gatehouse/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readServeConfig } from "../../gateway/src/config.ts";

let folder = "";
let good: Environment = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-config-"));
  const file = join(folder, "policies.yaml");
  writeFileSync(
    file,
    `applications: [{ name: A, aud: ${"a".repeat(64)}, domain: a.example, origin: "http://o:1", policies: [{ name: p, decision: allow, include: [{ everyone: {} }] }] }]`,
  );
  good = {
    GATEWAY_ISSUER: "https://team.example.com",
    GATEWAY_POLICY_FILE: file,
    GATEWAY_SECRET_KEY: "ab".repeat(32),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function problemsOf(changed: Environment): string[] {
  try {
    readServeConfig({ ...good, ...changed });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ name }) => name);
  }
}

describe("the configuration", () => {
  test("has safe defaults", () => {
    expect(readServeConfig(good)).toMatchObject({
      logLevel: "info",
      gateway: {
        issuer: "https://team.example.com",
        listen: { host: "127.0.0.1", port: 4001 },
        databaseUrl: "file:.data/gateway.sqlite",
        identityProvider: null,
        limits: { connections: 20_000, openRequests: 5_000, headerBytes: 32_768, failuresPerMinute: 60 },
        requestLog: "all",
        drainDelayMs: 0,
        originConnectTimeoutMs: 5_000,
        originResponseTimeoutMs: 60_000,
      },
    });
  });

  test.each([
    ["plain http to the world", { GATEWAY_ISSUER: "http://team.example.com" }, ["GATEWAY_ISSUER"]],
    ["an issuer with a path", { GATEWAY_ISSUER: "https://team.example.com/x" }, ["GATEWAY_ISSUER"]],
    ["a short key", { GATEWAY_SECRET_KEY: "ab" }, ["GATEWAY_SECRET_KEY"]],
    ["an unknown engine", { GATEWAY_DATABASE_URL: "mysql://x" }, ["GATEWAY_DATABASE_URL"]],
    ["a port that is none", { GATEWAY_PORT: "x" }, ["GATEWAY_PORT"]],
    ["a policy file that is not there", { GATEWAY_POLICY_FILE: "/nowhere" }, ["GATEWAY_POLICY_FILE"]],
    ["an origin with a path", { GATEWAY_ORIGINS: "a.example=http://b/c" }, ["GATEWAY_ORIGINS"]],
    [
      "half an identity provider",
      { GATEWAY_OIDC_ISSUER: "https://idp.example" },
      ["GATEWAY_OIDC_CLIENT_ID", "GATEWAY_OIDC_CLIENT_SECRET"],
    ],
    ["a certificate without its key", { GATEWAY_TLS_CERT_FILE: "/c" }, ["GATEWAY_TLS_KEY_FILE"]],
    ["a key without its certificate", { GATEWAY_TLS_KEY_FILE: "/k" }, ["GATEWAY_TLS_CERT_FILE"]],
    ["client certificates without TLS", { GATEWAY_TLS_CLIENT_CA_FILE: "/ca" }, ["GATEWAY_TLS_CLIENT_CA_FILE"]],
    [
      "TLS under a plain http issuer",
      { GATEWAY_ISSUER: "http://localhost", GATEWAY_TLS_CERT_FILE: "/c", GATEWAY_TLS_KEY_FILE: "/k" },
      ["GATEWAY_ISSUER"],
    ],
    ["a proxy that is no address", { GATEWAY_TRUSTED_PROXIES: "10.0.0.1, proxy.example" }, ["GATEWAY_TRUSTED_PROXIES"]],
    ["a country from nobody trusted", { GATEWAY_COUNTRY_HEADER: "cf-ipcountry" }, ["GATEWAY_COUNTRY_HEADER"]],
    ["no room for a request", { GATEWAY_MAX_OPEN_REQUESTS: "0" }, ["GATEWAY_MAX_OPEN_REQUESTS"]],
    ["a request log of nothing", { GATEWAY_REQUEST_LOG: "none" }, ["GATEWAY_REQUEST_LOG"]],
    ["an identity provider over plain http", { GATEWAY_OIDC_ISSUER: "http://idp.example" }, ["GATEWAY_OIDC_ISSUER"]],
    [
      "nothing at all",
      { GATEWAY_ISSUER: "", GATEWAY_POLICY_FILE: "", GATEWAY_SECRET_KEY: "" },
      ["GATEWAY_SECRET_KEY", "GATEWAY_ISSUER"],
    ],
  ])("with %s names what is wrong", (_, changed, names) => expect(problemsOf(changed)).toEqual(names));

  test("takes plain http on loopback", () => {
    for (const host of ["localhost:4001", "127.0.0.1:4001", "stats.localhost"]) {
      expect(problemsOf({ GATEWAY_ISSUER: `http://${host}` })).toEqual([]);
    }
    expect(problemsOf({ GATEWAY_ISSUER: "http://localhost.evil.example" })).toEqual(["GATEWAY_ISSUER"]);
  });
});
