import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AdminApi } from "../../admin/src/api/admin-api.ts";
import { unwrap } from "../../admin/src/api/envelope.ts";
import { type Journal, openJournal } from "../../admin/src/rotation/journal.ts";
import { rotate } from "../../admin/src/rotation/rotate.ts";
import { Crash, RotationScene } from "./support/rotation.ts";

let it: RotationScene;
beforeEach(async () => {
  it = await RotationScene.open();
});
afterEach(() => it.close());

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
      const first = it.setUp();
      const crashed = rotate(first.plan, { ...first.deps, journal: dying(first.journal, at, when) });
      await expect(crashed).rejects.toBeInstanceOf(Crash);
      expect(await it.botStatus()).toBe(200);
      const again = it.setUp();
      await rotate(again.plan, again.deps);
      expect(await it.botStatus()).toBe(200);
      const { client_secrets: secrets = [] } = await it.api.getToken(it.token.id);
      expect(secrets[0]?.last_seen_at ?? "").not.toBeNull();
      expect(it.journals()).toEqual([]);
    },
  );

  test("the API's answer that was lost on its way leaves the bot's secret alive through the second rotation", async () => {
    const first = it.setUp({ deps: { api: it.dyingApi() } });
    await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
    expect(await it.botStatus()).toBe(200);
    await it.rotateWithoutALockOut();
  });

  test("going on with another sink is refused: the first one may hold half of it", async () => {
    const first = it.setUp();
    await expect(
      rotate(first.plan, { ...first.deps, journal: dying(first.journal, 2, "after") }),
    ).rejects.toBeInstanceOf(Crash);
    const again = it.setUp({ plan: { sink: { ...it.sink, name: "elsewhere" } } });
    await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_USAGE" });
  });
});

describe("the journal", () => {
  const path = () => join(it.folder, "gatehouse", readdirSync(join(it.folder, "gatehouse")).find(isJson) ?? "");
  const isJson = (name: string) => name.endsWith(".json");

  test.each(["", "{", "null", "[]", '{"tokenId":"x"}', '{"step":"writing"}'])(
    "that holds %j is said, and nothing is rotated",
    async (text) => {
      const first = it.setUp({ deps: { api: it.dyingApi() } });
      await expect(rotate(first.plan, first.deps)).rejects.toBeInstanceOf(Crash);
      writeFileSync(path(), text);
      const before = await it.version();
      const again = it.setUp();
      await expect(rotate(again.plan, again.deps)).rejects.toMatchObject({ code: "ERR_ADMIN_JOURNAL" });
      expect(await it.version()).toBe(before);
      expect(await it.botStatus()).toBe(200);
    },
  );

  test("in a place that cannot be used is said, and nothing is rotated", async () => {
    const { plan, deps } = it.setUp({ deps: { journal: openJournal(it.gateway.adminUrl, "/dev/null/gatehouse") } });
    await expect(rotate(plan, deps)).rejects.toMatchObject({ code: "ERR_ADMIN_JOURNAL" });
    expect(await it.version()).toBe(1);
  });
});

test.each([
  ["refused", 403, "ERR_ADMIN_API_FORBIDDEN", 0],
  ["failed, and so perhaps done", 500, "ERR_ADMIN_API_UNREACHABLE", 1],
])("a call that was %s is told apart in the journal", async (_, status, code, left) => {
  const errors = [{ code: 9109, message: "Unauthorized to access requested resource" }];
  const answer = JSON.stringify({ success: false, errors, messages: [], result: null });
  const refusing: AdminApi = { ...it.api, rotateToken: async () => unwrap("POST rotate", status, answer) as never };
  const { plan, deps } = it.setUp({ deps: { api: refusing } });
  await expect(rotate(plan, deps)).rejects.toMatchObject({ code });
  expect(it.journals()).toHaveLength(left);
});
