import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway } from "@gatehouse/gateway";
import type { Logger } from "@gatehouse/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange, freePort, SECRET_KEY, startGateway, type TestGateway } from "../support/gateway.ts";
import { sendRaw } from "../support/raw-request.ts";

const MAIN = join(import.meta.dirname, "../../../gateway/src/main.ts");
const FULL_DISK = "/dev/full";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

describe("a log that cannot be written", () => {
  test("neither ends the process nor changes an answer", async () => {
    const jwt = await exchange(it);
    const port = await freePort();
    const fail = () => {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail, fatal: fail, flush: fail } as unknown as Logger;
    const gateway = await createGateway({ ...it.config, listen: { host: "127.0.0.1", port } }, { logger });
    await gateway.listen();
    const url = `http://127.0.0.1:${port}`;
    const get = (more: Record<string, string>) =>
      sendRaw(
        port,
        `GET / HTTP/1.1\r\nHost: ${it.host}\r\nConnection: close\r\n${Object.entries(more)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("")}\r\n`,
      );
    expect((await get({ "cf-access-token": jwt })).status).toBe(200);
    expect((await get({ "cf-access-token": "x" })).status).toBe(401);
    expect((await sendRaw(port, "broken\r\n\r\n")).status).toBe(400);
    expect((await fetch(url)).status).toBe(403);
    expect((await get({ "cf-access-token": jwt })).status).toBe(200);
    await gateway.close(100);
  });

  test.skipIf(!existsSync(FULL_DISK))("neither does a full disk under standard output", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-full-"));
    const port = await freePort();
    writeFileSync(
      join(folder, "policies.yaml"),
      `applications: [{ name: Open, aud: ${"a".repeat(64)}, domain: "localhost:${port}", origin: "${it.origin.url}", policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }] }]`,
    );
    const env = {
      PATH: process.env.PATH ?? "",
      GATEWAY_ISSUER: `http://localhost:${port}`,
      GATEWAY_PORT: String(port),
      GATEWAY_ADMIN_PORT: "0",
      GATEWAY_POLICY_FILE: "policies.yaml",
      GATEWAY_SECRET_KEY: SECRET_KEY,
      GATEWAY_DATABASE_URL: "file:gateway.sqlite",
    };
    const stdio = ["ignore", openSync(FULL_DISK, "w"), "ignore"] as const;
    const child = spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: [...stdio] });
    const status = () =>
      fetch(`http://localhost:${port}/`).then(
        ({ status: code }) => code,
        () => 0,
      );
    await expect.poll(status, { timeout: 20_000 }).toBe(200);
    for (let index = 0; index < 20; index += 1) expect(await status()).toBe(200);
    expect((await sendRaw(port, "broken\r\n\r\n")).status).toBe(400);
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });
});
