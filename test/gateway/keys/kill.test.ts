import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSecretBox } from "../../../gateway/src/keys/secret-box.ts";
import { openSigningKeys } from "../../../gateway/src/keys/signing-keys.ts";
import { openChangeFeed } from "../../../gateway/src/store/change-feed.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { createDatabase, forEachStore, type TestDatabase } from "../support/stores.ts";

const SCRIPT = new URL("./support/rotate-forever.ts", import.meta.url).pathname;
const KILLS = 4;
const LONGEST_WAIT_MS = 150;

forEachStore("a process killed in the middle of a key rotation", (name) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(name);
  });
  afterEach(() => database.remove());

  test("leaves the keys as before or as after, with the audit line of each rotation and of no other", async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const env = { PATH: process.env.PATH ?? "", DATABASE_URL: database.url };
      const child = spawn(process.execPath, [SCRIPT], { env, stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      await delay(Math.random() * LONGEST_WAIT_MS);
      child.kill("SIGKILL");
      await once(child, "exit");
      await expectWhole();
    }
  });

  async function expectWhole(): Promise<void> {
    const store = await openStore(database.url);
    const logger = createLogger({ app: "gateway", level: "silent" });
    const feed = await openChangeFeed({ store, logger, now: Date.now });
    // Opens every key: one that is torn would not.
    const keys = await openSigningKeys({ store, feed, box: createSecretBox(Buffer.alloc(32, 7)), now: Date.now });
    expect(keys.current().privateKey.asymmetricKeyType).toBe("rsa");
    const rows = await store.selectFrom("signing_keys").selectAll().execute();
    expect(rows.length).toBeLessThanOrEqual(2);
    const [newest, ...others] = rows.filter(({ expires_at }) => expires_at === null);
    expect(others).toEqual([]);
    const lines = await store.selectFrom("audit_events").select("detail").orderBy("seq", "desc").limit(1).execute();
    expect(JSON.parse(lines[0]?.detail ?? "{}")).toMatchObject({ kid: newest?.kid });
    feed.close();
    await store.destroy();
  }
});
