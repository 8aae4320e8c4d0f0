import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdminApi, createAdminApi } from "../../admin/src/api/admin-api.ts";
import type { ApiServiceToken } from "../../admin/src/api/service-token.ts";
import { type Journal, journalFolder, openJournal } from "../../admin/src/rotation/journal.ts";
import { proveByRequest } from "../../admin/src/rotation/prove.ts";
import { type RotationDeps, type RotationPlan, rotate } from "../../admin/src/rotation/rotate.ts";
import type { Pair, Sink } from "../../admin/src/sinks/sink.ts";
import { startGateway, type TestGateway } from "../gateway/support/gateway.ts";

const HOUR_MS = 3_600_000;

/** Stands for the machine that dies between two steps. */
class Crash extends Error {}

let gateway: TestGateway;
let folder: string;
let api: AdminApi;
let token: ApiServiceToken;
let dispatcher: Agent;
/** What the bot holds: the sink's content. */
let held: Pair;

beforeEach(async () => {
  gateway = await startGateway({ admin: true });
  folder = mkdtempSync(join(tmpdir(), "gatehouse-rotation-"));
  dispatcher = new Agent();
  const settings = { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "a", apiToken: gateway.apiToken };
  api = createAdminApi(settings, { dispatcher, sleep: async () => undefined });
  held = { clientId: gateway.token.clientId, clientSecret: gateway.token.clientSecret };
  token = await api.getToken(gateway.token.id);
});
afterEach(async () => {
  await dispatcher.close();
  await gateway.close();
  rmSync(folder, { recursive: true });
});

async function botStatus(): Promise<number> {
  const headers = { "CF-Access-Client-Id": held.clientId, "CF-Access-Client-Secret": held.clientSecret };
  return (await fetch(`${gateway.url}/`, { headers, redirect: "manual" })).status;
}

const sink: Sink = {
  name: "the bot",
  check: async () => undefined,
  write: async (pair) => {
    held = pair;
  },
};

function setUp(changes: { plan?: Partial<RotationPlan>; deps?: Partial<RotationDeps> } = {}) {
  const lines: string[] = [];
  const journal = openJournal(gateway.adminUrl, journalFolder({ XDG_STATE_HOME: folder }));
  const plan: RotationPlan = {
    token,
    overlapMs: HOUR_MS,
    sink,
    verifyUrl: new URL(`${gateway.url}/`),
    waits: false,
    quietMs: 60_000,
    ...changes.plan,
  };
  const deps: RotationDeps = {
    api,
    journal,
    prove: proveByRequest,
    now: () => gateway.clock.nowMs,
    sleep: async () => undefined,
    say: (line) => lines.push(line),
    ...changes.deps,
  };
  return { plan, deps, lines, journal };
}

const journals = (): string[] => {
  const where = join(folder, "gatehouse");
  return readdirSync(where).map((name) => readFileSync(join(where, name), "utf8"));
};

test("a rotation hands the new secret over, proves it, and leaves the old one its overlap", async () => {
  const old = held;
  const { plan, deps, lines } = setUp();
  await rotate(plan, deps);
  expect(await botStatus()).toBe(200);
  expect(held.clientSecret).not.toBe(old.clientSecret);
  held = old;
  expect(await botStatus()).toBe(200);
  gateway.clock.nowMs += HOUR_MS;
  expect(await botStatus()).toBe(401);
  expect(lines.join("\n")).toContain("Proven");
  expect(journals()).toEqual([]);
});

test("with --wait the overlap ends as soon as nobody has used the old secret for a while", async () => {
  const old = { ...held };
  const waited: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    gateway.clock.nowMs += 10_000;
  };
  const { plan, deps, lines } = setUp({ plan: { waits: true }, deps: { sleep } });
  await rotate(plan, deps);
  expect(lines.at(-1)).toContain("Nobody uses the old secret");
  expect(waited.length).toBeGreaterThanOrEqual(6);
  held = old;
  expect(await botStatus()).toBe(401);
});

test("a secret that does not open the URL is an error, and the old one goes on working", async () => {
  const old = { ...held };
  const { plan, deps } = setUp({ plan: { verifyUrl: new URL("http://127.0.0.1:1/") } });
  await expect(rotate(plan, deps)).rejects.toMatchObject({ code: "ERR_ADMIN_PROOF" });
  held = old;
  expect(await botStatus()).toBe(200);
});

test("the journal holds the new secret only until the sink has it, readable by its owner alone", async () => {
  const seen: string[] = [];
  const watching: Sink = {
    ...sink,
    async write(pair) {
      seen.push(...journals());
      await sink.write(pair);
    },
  };
  const { plan, deps } = setUp({
    plan: { sink: watching, waits: true },
    deps: {
      sleep: async () => {
        seen.push(...journals());
        gateway.clock.nowMs += 60_000;
      },
    },
  });
  await rotate(plan, deps);
  expect(seen[0]).toContain(held.clientSecret);
  expect(seen.at(-1)).not.toContain(held.clientSecret);
});

describe("a crash", () => {
  /** Dies at the n-th note in the journal: before or after it was made. */
  function dying(journal: Journal, at: number, when: "before" | "after"): Journal {
    let count = 0;
    return {
      ...journal,
      async write(entry) {
        count += 1;
        if (count === at && when === "before") throw new Crash();
        await journal.write(entry);
        if (count === at) throw new Crash();
      },
    };
  }

  test.each([1, 2, 3, 4].flatMap((at) => (["before", "after"] as const).map((when) => [when, at] as const)))(
    "%s note %i: the bot never holds only a dead secret, and running it again finishes the job",
    async (when, at) => {
      const first = setUp();
      const crashed = rotate(first.plan, { ...first.deps, journal: dying(first.journal, at, when) });
      await expect(crashed).rejects.toBeInstanceOf(Crash);
      expect(await botStatus()).toBe(200);
      const again = setUp();
      await rotate(again.plan, again.deps);
      expect(await botStatus()).toBe(200);
      const { client_secrets: secrets = [] } = await api.getToken(token.id);
      expect(secrets[0]?.last_seen_at ?? "").not.toBeNull();
      expect(journals()).toEqual([]);
    },
  );

  test("the API's answer that was lost on its way leaves the bot's secret alive through the second rotation", async () => {
    const losing: AdminApi = {
      ...api,
      async rotateToken(...args) {
        await api.rotateToken(...args);
        throw new Crash();
      },
    };
    const first = setUp({ deps: { api: losing } });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    expect(await botStatus()).toBe(200);
    let whileRotating = 0;
    const checking: Sink = {
      ...sink,
      async write(pair) {
        whileRotating = await botStatus();
        await sink.write(pair);
      },
    };
    const again = setUp({ plan: { sink: checking } });
    await rotate(again.plan, again.deps);
    expect(whileRotating).toBe(200);
    expect(await botStatus()).toBe(200);
  });

  test("going on with another sink is refused: the first one may hold half of it", async () => {
    const first = setUp();
    await expect(
      rotate(first.plan, { ...first.deps, journal: dying(first.journal, 2, "after") }),
    ).rejects.toBeInstanceOf(Crash);
    const again = setUp({ plan: { sink: { ...sink, name: "elsewhere" } } });
    await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_USAGE" });
  });
});
