import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rotate } from "../../admin/src/rotation/rotate.ts";
import type { Sink } from "../../admin/src/sinks/sink.ts";
import { Crash, HOUR_MS, RotationScene } from "./support/rotation.ts";

let it: RotationScene;
beforeEach(async () => {
  it = await RotationScene.open();
});
afterEach(() => it.close());

describe("somebody else", () => {
  test("who rotates at the same time on this machine is told to wait, and changes nothing", async () => {
    const again = it.setUp();
    const first = it.setUp({
      plan: {
        sink: {
          ...it.sink,
          async write(pair) {
            await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_ROTATION" });
            await it.sink.write(pair);
          },
        },
      },
    });
    await rotate(first.plan, first.deps);
    expect(await it.version()).toBe(2);
    expect(await it.botStatus()).toBe(200);
  });

  test("who rotates at the same time elsewhere is refused, for the bot still holds the old secret", async () => {
    await it.botAsks();
    const first = it.setUp({
      plan: {
        sink: {
          ...it.sink,
          async write(pair) {
            const other = it.setUp({ deps: { journal: it.elsewhere() } });
            await expect(rotate(other.plan, other.deps)).rejects.toMatchObject({
              code: "ERR_ADMIN_ROTATION",
              message: expect.stringContaining("version 2 was never used"),
            });
            expect(await it.botStatus()).toBe(200);
            await it.sink.write(pair);
          },
        },
      },
    });
    await rotate(first.plan, first.deps);
    expect(await it.botStatus()).toBe(200);
  });

  test("who has handed over a secret since the crash keeps it: it is not taken for the lost one", async () => {
    const first = it.setUp({
      deps: {
        api: {
          ...it.api,
          rotateToken: async () => {
            throw new Crash();
          },
        },
      },
    });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    const other = it.setUp({ deps: { journal: it.elsewhere() } });
    await rotate(other.plan, other.deps);
    await it.botAsks();
    await it.rotateWithoutALockOut();
  });

  test("who has rotated since the crash has the newer secret: the older one is dropped and not written over it", async () => {
    const dying: Sink = {
      ...it.sink,
      write: async () => {
        throw new Crash();
      },
    };
    const first = it.setUp({ plan: { sink: dying } });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    const other = it.setUp({ deps: { journal: it.elsewhere() } });
    await rotate(other.plan, other.deps);
    const newest = it.held;
    const again = it.setUp();
    await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({
      code: "ERR_ADMIN_ROTATION",
      message: expect.stringContaining("version 3"),
    });
    expect(it.held).toEqual(newest);
    expect(it.journals()).toEqual([]);
  });

  test("who rotates during the wait keeps the secret that this one would have ended", async () => {
    const mine = it.setUp({
      plan: { waits: true },
      deps: {
        sleep: async () => {
          it.gateway.clock.nowMs += 10_000;
          if ((await it.version()) === 2)
            await it.api.rotateToken(it.token.id, { previous_client_secret_expires_at: farOff() });
        },
      },
    });
    await rotate(mine.plan, mine.deps);
    expect(mine.lines.at(-1)).toContain("rotated again, to version 3");
    expect(await it.botStatus()).toBe(200);
  });

  const farOff = () => new Date(it.gateway.clock.nowMs + 24 * HOUR_MS).toISOString();
});
