import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AUDIENCE, ISSUER } from "./support/access.ts";

const MAIN = new URL("../../stats-app/src/main.ts", import.meta.url).pathname;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(changes: Record<string, string> = {}) {
  return spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      STATS_PORT: "0",
      STATS_DATABASE_URL: `file:${join(folder, "stats.duckdb")}`,
      STATS_ACCESS_ISSUER: ISSUER,
      STATS_ACCESS_AUDIENCE: AUDIENCE,
      ...changes,
    },
  });
}

async function refusedStart(changes: Record<string, string>) {
  const child = start(changes);
  const err = child.stderr.toArray();
  const [code] = (await once(child, "close")) as [number];
  return { code, err: (await err).join("") };
}

/** Waits for the line that says so, and gives the port. */
async function listening(child: ReturnType<typeof start>): Promise<number> {
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg === "listening") return port;
  }
  throw new TypeError("the app ended before it listened");
}

describe("the app alone", () => {
  test("listens, keeps its database to itself, and ends cleanly on SIGTERM", async () => {
    const child = start();
    const port = await listening(child);
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).text()).toBe("ready\n");
    const second = await refusedStart({});
    expect(second.code).toBe(1);
    expect(second.err).toContain("ERR_STORE_LOCKED");
    expect(second.err).toContain(`process ${child.pid}`);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  test("lists every problem of its configuration and ends with 78", async () => {
    const { code, err } = await refusedStart({
      STATS_PORT: "99999",
      STATS_ACCESS_ISSUER: "ftp://x",
      STATS_ACCESS_AUDIENCE: "",
      STATS_MEMORY_LIMIT: "lots",
    });
    expect(code).toBe(78);
    for (const name of ["STATS_PORT", "STATS_ACCESS_ISSUER", "STATS_ACCESS_AUDIENCE", "STATS_MEMORY_LIMIT"]) {
      expect(err).toContain(`  ${name}: `);
    }
  });

  test("lists the mistakes of its catalogue by line and ends with 78", async () => {
    const catalogue = join(folder, "my.yaml");
    writeFileSync(catalogue, "metrics:\n  orders:\n    title: Orders\n    measure: count\n    event: order\n");
    const { code, err } = await refusedStart({ STATS_CATALOGUE: catalogue });
    expect(code).toBe(78);
    expect(err).toContain("my.yaml:2 metrics.orders.description: is missing");
  });

  test("does not repeat a database URL's password", async () => {
    const { code, err } = await refusedStart({ STATS_DATABASE_URL: "clickhouse://me:hunter2@db/stats" });
    expect(code).toBe(1);
    expect(err).toContain("ERR_STORE_UNSUPPORTED");
    expect(err).not.toContain("hunter2");
  });
});
