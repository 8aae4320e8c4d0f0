import { expect, test } from "vitest";
import { openBotStore } from "../../bot/src/store/store.ts";
import { openStore } from "../../gateway/src/store/store.ts";
import { createDatabase, forEachStore } from "../gateway/support/stores.ts";

forEachStore("the bot's store", (name) => {
  test("may be the gateway's database, whichever comes first", async () => {
    const openers = [openBotStore, (url: string) => openStore(url)];
    for (const order of [openers, openers.toReversed()]) {
      const database = await createDatabase(name);
      for (const open of [...order, ...order]) await (await open(database.url)).destroy();
      database.remove();
    }
  });

  test("is opened by several replicas at once", async () => {
    const database = await createDatabase(name);
    const stores = await Promise.all(Array.from({ length: 5 }, () => openBotStore(database.url)));
    for (const store of stores) expect(await store.selectFrom("notices").selectAll().execute()).toEqual([]);
    for (const store of stores) await store.destroy();
    database.remove();
  });
});

test("a database that cannot be used is named, and whose it is", async () => {
  await expect(openBotStore("postgres://bot:hidden@127.0.0.1:1/bot")).rejects.toMatchObject({
    code: "ERR_STORE_UNUSABLE",
    message: expect.stringMatching(/^The bot's database postgres:\/\/bot@127\.0\.0\.1:1\/bot cannot be used/),
  });
});
