import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdminApi, createAdminApi } from "../../admin/src/api/admin-api.ts";
import { unwrap } from "../../admin/src/api/envelope.ts";
import type { ApiServiceToken } from "../../admin/src/api/service-token.ts";
import { AdminError } from "../../admin/src/errors.ts";
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
/** When each version of the secret was used last, and which version a secret is. */
let uses: Map<number, string>;
let versions: Map<string, number>;

beforeEach(async () => {
  gateway = await startGateway({ admin: true });
  folder = mkdtempSync(join(tmpdir(), "gatehouse-rotation-"));
  dispatcher = new Agent();
  const settings = { baseUrl: `${gateway.adminUrl}/client/v4`, accountId: "a", apiToken: gateway.apiToken };
  api = watched(createAdminApi(settings, { dispatcher, sleep: async () => undefined }));
  held = { clientId: gateway.token.clientId, clientSecret: gateway.token.clientSecret };
  token = await api.getToken(gateway.token.id);
});
afterEach(async () => {
  await dispatcher.close();
  await gateway.close();
  rmSync(folder, { recursive: true });
});

/** The gateway's own clock, and each use by the bot as soon as it was made: the real API tells of both some seconds later. */
function watched(real: AdminApi): AdminApi {
  uses = new Map();
  versions = new Map([[gateway.token.clientSecret, 1]]);
  return {
    ...real,
    serverNowMs: () => gateway.clock.nowMs,
    async rotateToken(...args) {
      const rotated = await real.rotateToken(...args);
      versions.set(rotated.client_secret, rotated.client_secret_version ?? 0);
      return rotated;
    },
    async getToken(id) {
      const found = await real.getToken(id);
      const secrets = found.client_secrets?.map((secret) => ({
        ...secret,
        last_seen_at: uses.get(secret.version) ?? null,
      }));
      return { ...found, ...(secrets && { client_secrets: secrets }) };
    },
  };
}

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
  return readdirSync(where)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(where, name), "utf8"));
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
    const first = setUp({ deps: { api: dyingApi() } });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    expect(await botStatus()).toBe(200);
    await rotateWithoutALockOut();
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

/** Rotates, and finds the bot let in just before the new secret is written, and after. */
async function rotateWithoutALockOut(): Promise<void> {
  let whileRotating = 0;
  const checking: Sink = {
    ...sink,
    async write(pair) {
      whileRotating = await botStatus();
      await sink.write(pair);
    },
  };
  const { plan, deps } = setUp({ plan: { sink: checking } });
  await rotate(plan, deps);
  expect(whileRotating).toBe(200);
  expect(await botStatus()).toBe(200);
}

async function botAsks(): Promise<void> {
  expect(await botStatus()).toBe(200);
  uses.set(versions.get(held.clientSecret) ?? 0, new Date(gateway.clock.nowMs).toISOString());
}

const version = async () => (await api.getToken(token.id)).client_secret_version;

/** Dies between the API's answer and the journal: the new secret is lost. */
const dyingApi = (): AdminApi => ({
  ...api,
  async rotateToken(...args) {
    await api.rotateToken(...args);
    throw new Crash();
  },
});

describe("somebody else", () => {
  const elsewhere = () => openJournal(gateway.adminUrl, join(folder, "elsewhere"));

  test("who rotates at the same time on this machine is told to wait, and changes nothing", async () => {
    const again = setUp();
    const first = setUp({
      plan: {
        sink: {
          ...sink,
          async write(pair) {
            await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_ROTATION" });
            await sink.write(pair);
          },
        },
      },
    });
    await rotate(first.plan, first.deps);
    expect(await version()).toBe(2);
    expect(await botStatus()).toBe(200);
  });

  test("who rotates at the same time elsewhere is refused, for the bot still holds the old secret", async () => {
    await botAsks();
    const first = setUp({
      plan: {
        sink: {
          ...sink,
          async write(pair) {
            const other = setUp({ deps: { journal: elsewhere() } });
            await expect(rotate(other.plan, other.deps)).rejects.toMatchObject({
              code: "ERR_ADMIN_ROTATION",
              message: expect.stringContaining("version 2 was never used"),
            });
            expect(await botStatus()).toBe(200);
            await sink.write(pair);
          },
        },
      },
    });
    await rotate(first.plan, first.deps);
    expect(await botStatus()).toBe(200);
  });

  test("who has handed over a secret since the crash keeps it: it is not taken for the lost one", async () => {
    const first = setUp({
      deps: {
        api: {
          ...api,
          rotateToken: async () => {
            throw new Crash();
          },
        },
      },
    });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    const other = setUp({ deps: { journal: elsewhere() } });
    await rotate(other.plan, other.deps);
    await botAsks();
    await rotateWithoutALockOut();
  });

  test("who has rotated since the crash has the newer secret: the older one is dropped and not written over it", async () => {
    const dying: Sink = {
      ...sink,
      write: async () => {
        throw new Crash();
      },
    };
    const first = setUp({ plan: { sink: dying } });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    const other = setUp({ deps: { journal: elsewhere() } });
    await rotate(other.plan, other.deps);
    const newest = held;
    const again = setUp();
    await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({
      code: "ERR_ADMIN_ROTATION",
      message: expect.stringContaining("version 3"),
    });
    expect(held).toEqual(newest);
    expect(journals()).toEqual([]);
  });

  test("who rotates during the wait keeps the secret that this one would have ended", async () => {
    const mine = setUp({
      plan: { waits: true },
      deps: {
        sleep: async () => {
          gateway.clock.nowMs += 10_000;
          if ((await version()) === 2) await api.rotateToken(token.id, { previous_client_secret_expires_at: farOff() });
        },
      },
    });
    await rotate(mine.plan, mine.deps);
    expect(mine.lines.at(-1)).toContain("rotated again, to version 3");
    expect(await botStatus()).toBe(200);
  });

  const farOff = () => new Date(gateway.clock.nowMs + 24 * HOUR_MS).toISOString();
});

test("a second rotation is refused while the bot uses the old secret of the first, unless it is forced", async () => {
  const old = held;
  await botAsks();
  const first = setUp();
  await rotate(first.plan, first.deps);
  await botAsks();
  held = old;
  await botAsks();
  const second = setUp();
  await expect(rotate(second.plan, second.deps)).rejects.toMatchObject({
    code: "ERR_ADMIN_ROTATION",
    message: expect.stringContaining("version 1 was used"),
  });
  expect(await botStatus()).toBe(200);
  const forced = setUp({ plan: { isForced: true } });
  await rotate(forced.plan, forced.deps);
  expect(await version()).toBe(3);
});

describe("--wait", () => {
  const waiting = (sleep: (round: number) => Promise<void>, nowAheadMs = 0) => {
    let round = 0;
    return setUp({
      plan: { waits: true },
      deps: {
        now: () => gateway.clock.nowMs + nowAheadMs,
        sleep: async () => {
          gateway.clock.nowMs += 10_000;
          round += 1;
          await sleep(round);
        },
      },
    });
  };

  test("gives a bot that is silent ten times as long: the new secret was not seen with it", async () => {
    await botAsks();
    const begunMs = gateway.clock.nowMs;
    const { plan, deps, lines } = waiting(async () => undefined);
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(gateway.clock.nowMs - begunMs).toBeGreaterThanOrEqual(10 * plan.quietMs);
    expect(lines.at(-1)).toContain("it was ended");
  });

  test("ends with the overlap, if that is sooner", async () => {
    await botAsks();
    const { plan, deps, lines } = waiting(async () => undefined);
    await rotate({ ...plan, overlapMs: 5 * 60_000 }, deps);
    expect(lines.at(-1)).toContain("overlap is over");
  });

  test("ends it once the bot has taken up the new one", async () => {
    await botAsks();
    const begunMs = gateway.clock.nowMs;
    const { plan, deps, lines } = waiting(async (round) => {
      if (round === 1) await botAsks();
    });
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(gateway.clock.nowMs - begunMs).toBeLessThan(3 * plan.quietMs);
    expect(lines.at(-1)).toContain("it was ended");
    expect(await botStatus()).toBe(200);
  });

  test.each([-HOUR_MS, HOUR_MS])("is not misled by a clock here that is %i ms off", async (aheadMs) => {
    const old = held;
    const statuses: number[] = [];
    const { plan, deps } = waiting(async (round) => {
      if (round > 20) return;
      const current = held;
      held = old;
      await botAsks();
      statuses.push(await botStatus());
      held = current;
      await botAsks();
    }, aheadMs);
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(statuses).toEqual(Array(20).fill(200));
  });

  test("waits for an API that is away", async () => {
    let isAway = false;
    const leaving: AdminApi = {
      ...api,
      async getToken(id) {
        if (isAway) throw new AdminError("ERR_ADMIN_API_UNREACHABLE", "away");
        return api.getToken(id);
      },
    };
    const { plan, deps, lines } = waiting(async (round) => {
      isAway = round === 2 || round === 3;
    });
    await rotate(plan, { ...deps, api: leaving });
    expect(lines.at(-1)).toContain("it was ended");
  });
});

describe("the journal", () => {
  const path = () => join(folder, "gatehouse", readdirSync(join(folder, "gatehouse")).find(isJson) ?? "");
  const isJson = (name: string) => name.endsWith(".json");

  test.each(["", "{", "null", "[]", '{"tokenId":"x"}', '{"step":"writing"}'])(
    "that holds %j is said, and nothing is rotated",
    async (text) => {
      const first = setUp({ deps: { api: dyingApi() } });
      await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
      writeFileSync(path(), text);
      const before = await version();
      const again = setUp();
      await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_JOURNAL" });
      expect(await version()).toBe(before);
      expect(await botStatus()).toBe(200);
    },
  );

  test("in a place that cannot be used is said, and nothing is rotated", async () => {
    const { plan, deps } = setUp({ deps: { journal: openJournal(gateway.adminUrl, "/dev/null/gatehouse") } });
    await expect(rotate(plan, deps)).rejects.toMatchObject({ code: "ERR_ADMIN_JOURNAL" });
    expect(await version()).toBe(1);
  });
});

test.each([
  ["refused", 403, "ERR_ADMIN_API_FORBIDDEN", 0],
  ["failed, and so perhaps done", 500, "ERR_ADMIN_API_UNREACHABLE", 1],
])("a call that was %s is told apart in the journal", async (_, status, code, left) => {
  const errors = [{ code: 9109, message: "Unauthorized to access requested resource" }];
  const answer = JSON.stringify({ success: false, errors, messages: [], result: null });
  const refusing: AdminApi = { ...api, rotateToken: async () => unwrap("POST rotate", status, answer) as never };
  const { plan, deps } = setUp({ deps: { api: refusing } });
  await expect(rotate(plan, deps)).rejects.toMatchObject({ code });
  expect(journals()).toHaveLength(left);
});
