import { afterEach, beforeEach, expect, test } from "vitest";
import { rotate } from "../../admin/src/rotation/rotate.ts";
import type { Sink } from "../../admin/src/sinks/sink.ts";
import { HOUR_MS, RotationScene } from "./support/rotation.ts";

let it: RotationScene;
beforeEach(async () => {
  it = await RotationScene.open();
});
afterEach(() => it.close());

test("a rotation hands the new secret over, proves it, and leaves the old one its overlap", async () => {
  const old = it.held;
  const { plan, deps, lines } = it.setUp();
  await rotate(plan, deps);
  expect(await it.botStatus()).toBe(200);
  expect(it.held.clientSecret).not.toBe(old.clientSecret);
  it.held = old;
  expect(await it.botStatus()).toBe(200);
  it.gateway.clock.nowMs += HOUR_MS;
  expect(await it.botStatus()).toBe(401);
  expect(lines.join("\n")).toContain("Proven");
  expect(it.journals()).toEqual([]);
});

test("with --wait the overlap ends as soon as nobody has used the old secret for a while", async () => {
  const old = { ...it.held };
  const waited: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    it.gateway.clock.nowMs += 10_000;
  };
  const { plan, deps, lines } = it.setUp({ plan: { waits: true }, deps: { sleep } });
  await rotate(plan, deps);
  expect(lines.at(-1)).toContain("Nobody uses the old secret");
  expect(waited.length).toBeGreaterThanOrEqual(6);
  it.held = old;
  expect(await it.botStatus()).toBe(401);
});

test("a secret that does not open the URL is an error, and the old one goes on working", async () => {
  const old = { ...it.held };
  const { plan, deps } = it.setUp({ plan: { verifyUrl: new URL("http://127.0.0.1:1/") } });
  await expect(rotate(plan, deps)).rejects.toMatchObject({ code: "ERR_ADMIN_PROOF" });
  it.held = old;
  expect(await it.botStatus()).toBe(200);
});

test("the journal holds the new secret only until the sink has it, readable by its owner alone", async () => {
  const seen: string[] = [];
  const watching: Sink = {
    ...it.sink,
    async write(pair) {
      seen.push(...it.journals());
      await it.sink.write(pair);
    },
  };
  const { plan, deps } = it.setUp({
    plan: { sink: watching, waits: true },
    deps: {
      sleep: async () => {
        seen.push(...it.journals());
        it.gateway.clock.nowMs += 60_000;
      },
    },
  });
  await rotate(plan, deps);
  expect(seen[0]).toContain(it.held.clientSecret);
  expect(seen.at(-1)).not.toContain(it.held.clientSecret);
});

test("a second rotation is refused while the bot uses the old secret of the first, unless it is forced", async () => {
  const old = it.held;
  await it.botAsks();
  const first = it.setUp();
  await rotate(first.plan, first.deps);
  await it.botAsks();
  it.held = old;
  await it.botAsks();
  const second = it.setUp();
  await expect(rotate(second.plan, second.deps)).rejects.toMatchObject({
    code: "ERR_ADMIN_ROTATION",
    message: expect.stringContaining("version 1 was used"),
  });
  expect(await it.botStatus()).toBe(200);
  const forced = it.setUp({ plan: { isForced: true } });
  await rotate(forced.plan, forced.deps);
  expect(await it.version()).toBe(3);
});
