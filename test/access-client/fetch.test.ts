import { Request as UndiciRequest } from "undici";
import { describe, expect, test } from "vitest";
import { start } from "./support/harness.ts";

describe("fetch takes what the standard's fetch takes", () => {
  test.each([
    ["undici's", UndiciRequest],
    ["Node's own", Request],
  ])("a Request of %s class, with its method, headers and body", async (_, RequestClass) => {
    const { gateway, client } = await start();
    const request = new RequestClass(`${gateway.origin}/x?y=1`, {
      method: "POST",
      body: "hi",
      headers: { "x-a": "b" },
    });
    expect(await (await client.fetch(request)).json()).toEqual({ method: "POST", url: "/x?y=1", body: "hi" });
    expect(gateway.seen.at(-1)?.headers).toMatchObject({ "x-a": "b", "cf-access-token": gateway.tokens[0] });
  });

  test("a Request for another origin is refused like a URL of it", async () => {
    const { client } = await start();
    const request = new Request("https://evil.example/");
    await expect(client.fetch(request)).rejects.toMatchObject({ code: "ERR_ACCESS_ORIGIN_NOT_ALLOWED" });
  });

  test("Node's own FormData arrives as a form", async () => {
    const { client } = await start();
    const body = new FormData();
    body.append("metric", "signups");
    const { body: sent } = (await (await client.fetch("/x", { method: "POST", body })).json()) as { body: string };
    expect(sent).toContain('name="metric"\r\n\r\nsignups');
  });

  test("a body that is no text is not sent a second time, and the error says so by its code", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.revokeAll();
    const body = new Blob(["once"]).stream();
    await expect(client.fetch("/x", { method: "POST", body, duplex: "half" })).rejects.toMatchObject({
      code: "ERR_ACCESS_UNAUTHENTICATED",
    });
    expect(gateway.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});

test("a signal that was aborted before costs nothing: no exchange, no request", async () => {
  const { gateway, client } = await start();
  const signal = AbortSignal.abort();
  await expect(client.request("/", { signal })).rejects.toThrow();
  await expect(client.fetch("/", { signal })).rejects.toThrow();
  expect(gateway.seen).toEqual([]);
});
