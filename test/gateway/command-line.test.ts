import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUD, freePort, SECRET_KEY } from "./support/gateway.ts";
import { type RecordingOrigin, startRecordingOrigin } from "./support/recording-origin.ts";

const MAIN = new URL("../../gateway/src/main.ts", import.meta.url).pathname;

let folder = "";
let origin: RecordingOrigin;
let env: Record<string, string>;
let port = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-command-"));
  origin = await startRecordingOrigin();
  port = await freePort();
  writeFileSync(
    join(folder, "policies.yaml"),
    `applications:
  - { name: A, aud: ${AUD}, domain: "localhost:${port}", origin: "${origin.url}", policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }] }`,
  );
  env = {
    PATH: process.env.PATH ?? "",
    GATEWAY_PORT: String(port),
    GATEWAY_ADMIN_PORT: "0",
    GATEWAY_ISSUER: `http://localhost:${port}`,
    GATEWAY_POLICY_FILE: join(folder, "policies.yaml"),
    GATEWAY_DATABASE_URL: `file:${join(folder, "gateway.sqlite")}`,
    GATEWAY_SECRET_KEY: SECRET_KEY,
  };
});
afterAll(async () => {
  await origin.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], environment = env): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

async function startGatewayProcess(): Promise<{ child: ChildProcess; output: () => string }> {
  const child = spawn(process.execPath, [MAIN], { env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += String(chunk);
    });
  }
  await expect.poll(() => text, { timeout: 10_000 }).toContain('"msg":"listening"');
  return { child, output: () => text };
}

const value = (text: string, name: string) => new RegExp(`^${name}=(\\S+)$`, "m").exec(text)?.[1] ?? "";

describe("the command line", () => {
  test("makes tokens that a running gateway takes, and disables them under its eyes", async () => {
    const { child, output } = await startGatewayProcess();
    const created = await run(["tokens", "create", "stats bot", "--duration", "24h"]);
    const headers = {
      "CF-Access-Client-Id": value(created.stdout, "CLOUDFLARE_ACCESS_CLIENT_ID"),
      "CF-Access-Client-Secret": value(created.stdout, "CLOUDFLARE_ACCESS_CLIENT_SECRET"),
    };
    const status = async () => (await fetch(`http://localhost:${port}/`, { headers })).status;
    await expect.poll(status, { timeout: 5_000 }).toBe(200);
    const list = (await run(["tokens", "list"])).stdout;
    expect(list).toMatch(/^NAME +ID +CLIENT ID +STATE +EXPIRES +LAST SEEN\nstats bot +\S+ +\S+\.access +enabled/);
    expect(list).not.toContain(headers["CF-Access-Client-Secret"]);
    expect((await run(["tokens", "disable", headers["CF-Access-Client-Id"]])).stdout).toContain("is disabled.");
    await expect.poll(status, { timeout: 5_000 }).toBe(401);
    expect((await run(["tokens", "delete", headers["CF-Access-Client-Id"]])).stdout).toContain("is deleted.");
    expect((await run(["tokens", "list"])).stdout).toContain("There are no service tokens.");
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).toBe(0);
    expect(output()).toContain('"msg":"stopped"');
    expect(output()).not.toContain(headers["CF-Access-Client-Secret"]);
  });

  test("makes API tokens that a running gateway's admin API takes, and ends them under its eyes", async () => {
    const { child, output } = await startGatewayProcess();
    const adminPort = /"adminPort":(\d+)/.exec(output())?.[1];
    const created = await run(["api-tokens", "create", "terraform", "--scope", "service_tokens:*", "apps:read"]);
    const secret = created.stdout.trimEnd().split("\n").at(-1) ?? "";
    const id = /\(id (\S+)\)/.exec(created.stdout)?.[1] ?? "";
    expect(created.stdout).toContain("may: service_tokens:read, service_tokens:write, apps:read.");
    const status = async () => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await fetch(`http://127.0.0.1:${adminPort}/client/v4/user/tokens/verify`, { headers })).status;
    };
    await expect.poll(status, { timeout: 5_000 }).toBe(200);
    const list = (await run(["api-tokens", "list"])).stdout;
    expect(list).toMatch(/^NAME +ID +SCOPES +EXPIRES +LAST USED\nterraform +\S+ +service_tokens:read,/);
    expect(list).not.toContain(secret);
    expect((await run(["api-tokens", "delete", id])).stdout).toBe('API token "terraform" is deleted.\n');
    await expect.poll(status, { timeout: 5_000 }).toBe(401);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(output()).not.toContain(secret);
    const wrong = await run(["api-tokens", "create", "x", "--scope", "everything"]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('There is no scope "everything"')]);
  });

  test("says what is wrong with the configuration, all of it, and exits with 78", async () => {
    const { code, stderr } = await run([], { PATH: env.PATH ?? "", GATEWAY_ISSUER: "http://example.com" });
    expect(code).toBe(78);
    for (const name of ["GATEWAY_ISSUER", "GATEWAY_SECRET_KEY"]) expect(stderr).toContain(`  ${name}: `);
  });

  test("says which token there is not, and exits with 1", async () => {
    const { code, stderr } = await run(["tokens", "disable", "nobody"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("ERR_TOKEN_NOT_FOUND: There is no service token")]);
  });
});
