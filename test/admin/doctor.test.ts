import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeGateway, PAIR, startFakeGateway } from "../access-client/support/fake-gateway.ts";
import { run as runProgram } from "./support/run.ts";

const ENV = { CLOUDFLARE_ACCESS_CLIENT_ID: PAIR.clientId, CLOUDFLARE_ACCESS_CLIENT_SECRET: PAIR.clientSecret };

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const run = (args: readonly string[], env: Record<string, string> = ENV) => runProgram(args, { env });

const doctor = (...more: string[]) => run(["doctor", "--url", `${gateway.origin}/api?secret=1`, ...more]);

describe("doctor, against a gateway on a real socket", () => {
  test("a healthy app: exit code 0, and three requests", async () => {
    const { exitCode, out } = await doctor();
    expect(out).toContain("All is well.");
    expect(exitCode).toBe(0);
    expect(gateway.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(3).fill("GET /api?secret=1"));
  });

  test("a wrong secret: exit code 1, with the reason and what to do", async () => {
    gateway.clientSecret = "another";
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(out).toMatch(/✗ .*service_token_secret_mismatch.* \[CREDENTIALS_REFUSED\]\n {2}→ Check the client secret/);
  });

  test("findings as JSON", async () => {
    gateway.isForbidden = true;
    const { exitCode, out } = await doctor("--json");
    const report = JSON.parse(out);
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ url: `${gateway.origin}/api`, isHealthy: false });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "NOT_ADMITTED", severity: "problem" }));
  });

  test("no credentials: the rest is examined all the same", async () => {
    const { exitCode, out } = await run(["doctor", "--url", gateway.origin], {});
    expect(exitCode).toBe(1);
    expect(out).toContain("Access stands in front");
    expect(out).toContain("[CREDENTIALS_MISSING]");
  });

  test("a gateway that is down", async () => {
    await gateway.close();
    expect((await doctor()).out).toContain("[UNREACHABLE]");
  });

  test.each(["strict", "no-reuse"] as const)("mode %s is recognised", async (mode) => {
    gateway.mode = mode;
    const { out } = await doctor("--json");
    expect(JSON.parse(out).findings.map(({ code }: { code: string }) => code)).toContain(
      mode === "strict" ? "MODE_PAIR" : "TOKEN_NOT_REUSABLE",
    );
  });

  test("neither report holds the secret, a JWT or the URL's query", async () => {
    for (const out of [(await doctor()).out, (await doctor("--json")).out]) {
      for (const secret of [PAIR.clientSecret, "secret=1", ...gateway.tokens]) expect(out).not.toContain(secret);
    }
  });
});

describe("usage", () => {
  test.each([
    ["nothing", []],
    ["an unknown command", ["cure"]],
    ["no URL", ["doctor"]],
    ["no URL at all", ["doctor", "--url", "stats"]],
    ["plain http to another machine", ["doctor", "--url", "http://stats.example.com"]],
    ["a password in the URL", ["doctor", "--url", "https://a:b@stats.example.com"]],
    ["an endless timeout", ["doctor", "--url", "https://stats.example.com", "--timeout", "Infinity"]],
  ])("%s is exit code 64", async (_, args) => {
    const { exitCode, err } = await run(args);
    expect(exitCode).toBe(64);
    expect(err).not.toBe("");
  });

  test("help is exit code 0", async () => {
    expect(await run(["doctor", "--help"])).toMatchObject({ exitCode: 0, out: expect.stringContaining("--url") });
  });
});
