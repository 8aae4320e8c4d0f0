import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AdminApi } from "../../admin/src/api/admin-api.ts";
import { AdminError } from "../../admin/src/errors.ts";
import { rotate } from "../../admin/src/rotation/rotate.ts";
import { HOUR_MS, RotationScene } from "./support/rotation.ts";

let it: RotationScene;
beforeEach(async () => {
  it = await RotationScene.open();
});
afterEach(() => it.close());

describe("--wait", () => {
  const waiting = (sleep: (round: number) => Promise<void>, nowAheadMs = 0) => {
    let round = 0;
    return it.setUp({
      plan: { waits: true },
      deps: {
        now: () => it.gateway.clock.nowMs + nowAheadMs,
        sleep: async () => {
          it.gateway.clock.nowMs += 10_000;
          round += 1;
          await sleep(round);
        },
      },
    });
  };

  test("gives a bot that is silent ten times as long: the new secret was not seen with it", async () => {
    await it.botAsks();
    const begunMs = it.gateway.clock.nowMs;
    const { plan, deps, lines } = waiting(async () => undefined);
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(it.gateway.clock.nowMs - begunMs).toBeGreaterThanOrEqual(10 * plan.quietMs);
    expect(lines.at(-1)).toContain("it was ended");
  });

  test("ends with the overlap, if that is sooner", async () => {
    await it.botAsks();
    const { plan, deps, lines } = waiting(async () => undefined);
    await rotate({ ...plan, overlapMs: 5 * 60_000 }, deps);
    expect(lines.at(-1)).toContain("overlap is over");
  });

  test("ends it once the bot has taken up the new one", async () => {
    await it.botAsks();
    const begunMs = it.gateway.clock.nowMs;
    const { plan, deps, lines } = waiting(async (round) => {
      if (round === 1) await it.botAsks();
    });
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(it.gateway.clock.nowMs - begunMs).toBeLessThan(3 * plan.quietMs);
    expect(lines.at(-1)).toContain("it was ended");
    expect(await it.botStatus()).toBe(200);
  });

  test.each([-HOUR_MS, HOUR_MS])("is not misled by a clock here that is %i ms off", async (aheadMs) => {
    const old = it.held;
    const statuses: number[] = [];
    const { plan, deps } = waiting(async (round) => {
      if (round > 20) return;
      const current = it.held;
      it.held = old;
      await it.botAsks();
      statuses.push(await it.botStatus());
      it.held = current;
      await it.botAsks();
    }, aheadMs);
    await rotate({ ...plan, overlapMs: 24 * HOUR_MS }, deps);
    expect(statuses).toEqual(Array(20).fill(200));
  });

  test("waits for an API that is away", async () => {
    let isAway = false;
    const leaving: AdminApi = {
      ...it.api,
      async getToken(id) {
        if (isAway) throw new AdminError("ERR_ADMIN_API_UNREACHABLE", "away");
        return it.api.getToken(id);
      },
    };
    const { plan, deps, lines } = waiting(async (round) => {
      isAway = round === 2 || round === 3;
    });
    await rotate(plan, { ...deps, api: leaving });
    expect(lines.at(-1)).toContain("it was ended");
  });
});
