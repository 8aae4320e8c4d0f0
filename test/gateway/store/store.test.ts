import { inspect } from "node:util";
import { createLogger } from "@gatehouse/service";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openChangeFeed, recordChange } from "../../../gateway/src/store/change-feed.ts";
import { openStore, type Store } from "../../../gateway/src/store/store.ts";
import { createDatabase, describeOnPostgres, forEachStore, type TestDatabase } from "../support/stores.ts";

const logs: string[] = [];
const logger = createLogger({ app: "gateway", destination: { write: (line) => logs.push(line) } });

forEachStore("the store", (name) => {
  let database: TestDatabase;
  const opened: { close(): unknown }[] = [];
  const open = async (): Promise<Store> => {
    const store = await openStore(database.url);
    opened.push({ close: () => store.destroy() });
    return store;
  };
  const openFeed = async (store: Store) => {
    const feed = await openChangeFeed({ store, logger, now: Date.now, databaseUrl: database.url });
    opened.unshift({ close: () => feed.close() });
    return feed;
  };
  beforeEach(async () => {
    database = await createDatabase(name);
  });
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
    database.remove();
  });

  test("several processes may open an empty database at once", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, open));
    for (const store of all) expect(await store.selectFrom("changes").selectAll().execute()).toEqual([]);
  });

  test("counts are numbers", async () => {
    const store = await open();
    await recordChange(store, "session", "one", Date.now());
    const row = await store
      .selectFrom("changes")
      .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.max("seq").as("last")])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ count: 1, last: 1 });
  });

  test("text with a character that Postgres has no place for is kept without it, and fails nothing", async () => {
    const store = await open();
    await recordChange(store, "session", "a\0b", Date.now());
    const row = await store.selectFrom("changes").select("key").executeTakeFirstOrThrow();
    expect(row.key.replace("\0", "\ufffd")).toBe("a\ufffdb");
  });

  test("a change recorded by one process reaches the others, in the order of the commits", async () => {
    const [writer, reader] = [await open(), await open()];
    const feed = await openFeed(reader);
    const seen: string[] = [];
    feed.subscribe("session", (key) => void seen.push(key));
    const keys = Array.from({ length: 40 }, (_, index) => `session ${index}`);
    await Promise.all(
      keys.map((key, index) =>
        (index % 2 === 0 ? writer : reader).transaction().execute(async (transaction) => {
          await recordChange(transaction, "session", key, Date.now());
          if (name === "Postgres") await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        }),
      ),
    );
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(keys.length);
    expect(new Set(seen)).toEqual(new Set(keys));
    const committed = await writer.selectFrom("changes").select("key").orderBy("seq").execute();
    expect(seen).toEqual(committed.map(({ key }) => key));
  });

  test("what a listener missed because it failed comes again", async () => {
    const store = await open();
    const feed = await openFeed(store);
    let failures = 2;
    const seen: string[] = [];
    feed.subscribe("session", (key) => {
      if (failures-- > 0) throw new Error("not now");
      seen.push(key);
    });
    await recordChange(store, "session", "a", Date.now());
    await recordChange(store, "session", "b", Date.now());
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(["a", "b"]);
  });

  test("a database that was emptied or restored is noticed, for its numbers begin anew", async () => {
    const store = await open();
    await recordChange(store, "session", "a", Date.now());
    const feed = await openFeed(store);
    await store.deleteFrom("changes").execute();
    await expect.poll(() => feed.trust(), { timeout: 10_000 }).toBe("grace");
    await expect.poll(() => logs.join(""), { timeout: 10_000 }).toContain("restart the gateway");
  });
});

describeOnPostgres("a Postgres role that may not make tables", () => {
  test("is enough once they are there", async () => {
    const { url } = await createDatabase("Postgres");
    const owners = await openStore(url);
    const role = new URL(url).pathname.slice(1);
    await sql.raw(`CREATE ROLE ${role} LOGIN PASSWORD 'runs'; REVOKE ALL ON SCHEMA public FROM PUBLIC`).execute(owners);
    await sql.raw(`GRANT USAGE ON SCHEMA public TO ${role}`).execute(owners);
    await sql.raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`).execute(owners);
    await sql.raw(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`).execute(owners);
    await owners.destroy();
    const store = await openStore(Object.assign(new URL(url), { username: role, password: "runs" }).href);
    await recordChange(store, "session", "a", Date.now());
    await expect(sql`CREATE TABLE another (id text)`.execute(store)).rejects.toThrow("permission denied");
    await store.destroy();
  });
});

describe("a SQLite file", () => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase("SQLite");
    store = await openStore(database.url);
  });
  afterEach(async () => {
    await store.destroy();
    database.remove();
  });

  const addMany = () =>
    store.transaction().execute(async (transaction) => {
      await recordChange(transaction, "session", "first of many", Date.now());
      for (let index = 0; index < 200; index += 1) {
        await recordChange(transaction, "session", "x".repeat(1_000), Date.now());
      }
    });
  const count = async () => (await store.selectFrom("changes").select("seq").execute()).length;

  test("that is full refuses a write whole, says why, and goes on reading; with room again it writes", async () => {
    await recordChange(store, "session", "before", Date.now());
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(store);
    await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`.execute(store);
    await expect(addMany()).rejects.toThrow("full");
    expect(await count()).toBe(1);
    await sql`pragma max_page_count = 100000`.execute(store);
    await addMany();
    expect(await count()).toBe(202);
  });

  test("that is read-only refuses a write and goes on reading", async () => {
    await recordChange(store, "session", "before", Date.now());
    await sql`pragma query_only = on`.execute(store);
    await expect(recordChange(store, "session", "a", Date.now())).rejects.toThrow("readonly");
    expect(await count()).toBe(1);
  });
});

describe("a database that cannot be used", () => {
  test("a Postgres that is not there, or does not know the password, is told without the password", async () => {
    const url = "postgres://gatehouse:very-secret-password@127.0.0.1:1/nothing?application_name=also-secret";
    const refused = openStore(url).then(
      () => undefined,
      (error: unknown) => error,
    );
    const error = await refused;
    expect(error).toMatchObject({ code: "ERR_STORE_UNUSABLE" });
    const where = "The gateway's database postgres://gatehouse@127.0.0.1:1/nothing cannot be used";
    expect(String(error)).toContain(`${where} (connect ECONNREFUSED 127.0.0.1:1). Check that the server runs`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/very-secret-password|also-secret/);
  });

  test.each(["mysql://localhost/x", "gateway.sqlite", "postgres://%zz@@@/"])("%s is refused", async (url) => {
    await expect(openStore(url)).rejects.toMatchObject({ code: "ERR_STORE_UNUSABLE" });
  });
});
