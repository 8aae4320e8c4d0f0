import { writeFile } from "node:fs/promises";
import { type Credentials, environmentCredentials, staticCredentials } from "@gatehouse/access-client";
import { describe, expect, test } from "vitest";
import { createFile } from "./support/credentials-file.ts";
import { PAIR } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";

const ID = "CLOUDFLARE_ACCESS_CLIENT_ID";
const SECRET = "CLOUDFLARE_ACCESS_CLIENT_SECRET";

describe("the environment", () => {
  test("gives the pair under wrangler's names", async () => {
    const { get } = await start({
      credentials: environmentCredentials({ [ID]: PAIR.clientId, [SECRET]: PAIR.clientSecret }),
    });
    expect(await get()).toBe(200);
  });

  test("or from files, without the line end that an editor leaves", async () => {
    const file = await createFile(`${PAIR.clientSecret}\r\n`);
    const { get } = await start({
      credentials: environmentCredentials({ [ID]: PAIR.clientId, [`${SECRET}_FILE`]: file }),
    });
    expect(await get()).toBe(200);
  });

  test.each([
    ["nothing", {}, "ERR_ACCESS_CREDENTIALS_MISSING", ID],
    ["no secret", { [ID]: "x" }, "ERR_ACCESS_CREDENTIALS_MISSING", SECRET],
    ["an empty secret", { [ID]: "x", [SECRET]: "" }, "ERR_ACCESS_CREDENTIALS_MISSING", SECRET],
    [
      "a file that is not there",
      { [ID]: "x", [`${SECRET}_FILE`]: "/nowhere" },
      "ERR_ACCESS_CREDENTIALS_UNREADABLE",
      SECRET,
    ],
    [
      "variable and file",
      { [ID]: "x", [SECRET]: "y", [`${SECRET}_FILE`]: "/z" },
      "ERR_ACCESS_CREDENTIALS_UNREADABLE",
      SECRET,
    ],
    ["a line break within", { [ID]: "x", [SECRET]: "y\r\nHost: evil" }, "ERR_ACCESS_CREDENTIALS_UNREADABLE", "secret"],
  ])("%s is said by name, and nothing is sent", async (_, env, code, name) => {
    const { gateway, client } = await start({ credentials: environmentCredentials(env) });
    await expect(client.request("/")).rejects.toMatchObject({ code, message: expect.stringContaining(name) });
    expect(gateway.seen).toEqual([]);
  });
});

describe("10. Rotation: the source is read again", () => {
  const rotated = { ...PAIR, clientSecret: "cfast_rotated" };

  test("the source is read before each exchange: a rotated secret is picked up without a failed request", async () => {
    let pair: Credentials = PAIR;
    const { clock, gateway, get } = await start({ credentials: { name: "callback", read: () => pair } });
    await get();
    pair = rotated;
    gateway.clientSecret = rotated.clientSecret;
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
  });

  test("a refused secret makes the source be read once more before anything fails", async () => {
    const pairs = [PAIR, rotated];
    const { gateway, get } = await start(
      { credentials: { name: "callback", read: () => pairs.shift() ?? rotated } },
      { clientSecret: rotated.clientSecret },
    );
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
  });

  test("never more than one alternation, however the source flutters", async () => {
    let count = 0;
    const read = () => ({ ...PAIR, clientSecret: `flutter-${count++}` });
    const { gateway, get } = await start({ credentials: { name: "callback", read } });
    expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
    expect(gateway.exchanges).toBe(2);
  });

  test("a strict server's refusal of the old secret is mended by the new one within the same request", async () => {
    let pair: Credentials = PAIR;
    const { gateway, get } = await start({ credentials: { name: "callback", read: () => pair } }, { mode: "strict" });
    await get();
    pair = rotated;
    gateway.clientSecret = rotated.clientSecret;
    expect(await get()).toBe(200);
  });

  test("a file rewritten after a refusal ends the hold at once", async () => {
    const file = await createFile("wrong");
    const env = { [ID]: PAIR.clientId, [`${SECRET}_FILE`]: file };
    const { get } = await start({ credentials: environmentCredentials(env) });
    expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
    await writeFile(file, PAIR.clientSecret);
    expect(await get()).toBe(200);
  });
});

describe("a source of one's own", () => {
  test.each([
    ["throws", () => Promise.reject(new RangeError("vault sealed")), "ERR_ACCESS_CREDENTIALS_UNREADABLE"],
    ["gives nothing", () => undefined as never, "ERR_ACCESS_CREDENTIALS_MISSING"],
    ["gives a number", () => ({ clientId: "x", clientSecret: 1 }) as never, "ERR_ACCESS_CREDENTIALS_MISSING"],
  ])("that %s is a typed error", async (_, read, code) => {
    const { client } = await start({ credentials: { name: "vault", read } });
    await expect(client.request("/")).rejects.toMatchObject({ code, message: expect.stringContaining("vault") });
  });

  test("static credentials without a half are a programmer's mistake", () => {
    expect(() => staticCredentials({ clientId: "x", clientSecret: "" })).toThrow(TypeError);
  });
});
