import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const TOKENS = "/client/v4/accounts/acme/access/service_tokens";
const authorization = () => `Bearer ${it.apiToken}`;

interface Got {
  readonly status: number;
  readonly envelope: { success: boolean; errors: { code: number; message: string }[]; result: unknown };
}

async function send(
  method: string,
  path: string,
  body?: NonNullable<RequestInit["body"]>,
  type = "application/json",
): Promise<Got> {
  const headers = { authorization: authorization(), ...(body !== undefined && { "content-type": type }) };
  const answer = await fetch(it.adminUrl + path, { method, headers, ...(body !== undefined && { body }) });
  return { status: answer.status, envelope: (await answer.json()) as Got["envelope"] };
}

function expectRefusal({ status, envelope }: Got): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(envelope).toMatchObject({ success: false, result: null });
  expect(envelope.errors.length).toBeGreaterThan(0);
  for (const { code, message } of envelope.errors) expect([typeof code, message.length > 0]).toEqual(["number", true]);
}

/** Values of the wrong kind for a field; null means that it is left out. */
const wrongFor = (right: (value: unknown) => boolean) =>
  fc.jsonValue().filter((value) => value !== null && !right(value));
const isString = (value: unknown) => typeof value === "string";
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1e9;

describe("whatever is sent to the admin API", () => {
  test("bytes that are no JSON are refused, in the envelope", async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).filter((array) => !isJson(array));
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => expectRefusal(await send("POST", TOKENS, Buffer.from(body)))),
      { numRuns: 60 },
    );
  });

  test("JSON of another shape is refused, with the place", async () => {
    const bodies = fc.oneof(
      fc.jsonValue().filter((value) => value === null || typeof value !== "object" || Array.isArray(value)),
      fc.record({ name: wrongFor(isString) }),
      fc.record({ name: fc.constant("a"), duration: wrongFor(isString) }),
      fc.record({ name: fc.constant("a"), enabled: wrongFor((value) => typeof value === "boolean") }),
      fc.record({ name: fc.constant("a"), client_secret_version: wrongFor(isCount) }),
      fc.record({ name: fc.constant("a"), previous_client_secret_expires_at: wrongFor(() => false) }),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => expectRefusal(await send("POST", TOKENS, JSON.stringify(body)))),
      { numRuns: 100 },
    );
    expect(await it.gateway.tokens.list()).toHaveLength(1);
  });

  test("fields that nobody knows change nothing, be they called __proto__", async () => {
    const { status, envelope } = await send(
      "POST",
      TOKENS,
      '{"name":"a","__proto__":{"id":"x"},"constructor":1,"id":"mine","client_secret":"mine"}',
    );
    expect(status).toBe(201);
    expect(envelope.result).toMatchObject({ name: "a" });
    expect(JSON.stringify(envelope.result)).not.toContain("mine");
    expect(({} as Record<string, unknown>)["id"]).toBeUndefined();
  });

  test("an id of any kind is not found, and no query is a mistake of ours", async () => {
    const text = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }).filter((id) => !/^\.{1,2}$/.test(id));
    await fc.assert(
      fc.asyncProperty(text, async (id) => {
        expectRefusal(await send("GET", `${TOKENS}/${encodeURIComponent(id)}`));
        const query = encodeURIComponent(id);
        const list = await send("GET", `${TOKENS}?search=${query}&name=${query}&page=${query}&per_page=${query}`);
        expect(list.status).toBe(200);
      }),
      { numRuns: 60 },
    );
  });

  test("a NUL is refused wherever it stands, and what only looks like one is not", async () => {
    expectRefusal(await send("POST", TOKENS, '{"name":"a\\u0000b"}'));
    expectRefusal(await send("POST", TOKENS, '{"name":"a","x":{"deep":["\\\\\\u0000"]}}'));
    const wide = Buffer.from('{"name":"a\\u0000b"}', "utf16le");
    expectRefusal(await send("POST", TOKENS, wide, "application/json; charset=utf-16le"));
    const fine = Buffer.from('{"name":"a"}', "utf16le");
    expect((await send("POST", TOKENS, fine, "application/json; charset=utf-16le")).status).toBe(415);
    expectRefusal(await send("GET", `${TOKENS}/%00`));
    expectRefusal(await send("GET", `${TOKENS}?search=%00`));
    expectRefusal(await send("POST", TOKENS, '{"name":"tab\\tstop"}'));
    expect((await send("POST", TOKENS, '{"name":"a \\\\u0000"}')).envelope.result).toMatchObject({ name: "a \\u0000" });
  });

  test.each(["PUT", "DELETE", "PATCH", "POST", "OPTIONS", "PURGE"])(
    "%s where it means nothing is refused",
    async (method) => {
      expectRefusal(await send(method, "/client/v4/user/tokens/verify"));
      expectRefusal(await send(method, "/client/v4/accounts/acme/nothing"));
    },
  );

  test("a zipped bomb is too large", async () => {
    const { gzipSync } = await import("node:zlib");
    const body = gzipSync(Buffer.from(`{"name":"${"a".repeat(5_000_000)}"}`));
    const headers = { authorization: authorization(), "content-type": "application/json", "content-encoding": "gzip" };
    const answer = await fetch(it.adminUrl + TOKENS, { method: "POST", headers, body });
    expect(answer.status).toBe(413);
  });

  test("nothing secret is logged, and nothing was a mistake of ours", async () => {
    const made = await it.gateway.tokens.create({ name: "x" });
    await send("PUT", `${TOKENS}/${made.id}?secret=${made.clientSecret}`, JSON.stringify({ name: made.clientSecret }));
    const log = it.logs.join("");
    expect(log).toContain("admin request");
    for (const secret of [it.apiToken, made.clientSecret, it.token.clientSecret]) expect(log).not.toContain(secret);
    expect(log).not.toContain("a call of the admin API failed");
  });
});

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
