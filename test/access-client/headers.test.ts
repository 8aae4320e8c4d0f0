import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccessToken } from "../../access-client/src/pass.ts";
import { withPass } from "../../access-client/src/request-headers.ts";
import { findAuthorization, rawWithoutAuthorization } from "../../access-client/src/response-cookie.ts";
import { start } from "./support/harness.ts";

const pass = new AccessToken("jwt");

describe("what is sent", () => {
  test.each([
    ["an object", { Accept: "a", "x-list": ["1", "2"] }],
    ["a flat list", ["Accept", "a", "x-list", "1", "x-list", "2"]],
    [
      "pairs",
      new Map<string, string | string[]>([
        ["Accept", "a"],
        ["x-list", ["1", "2"]],
      ]),
    ],
  ])("the caller's headers as %s, and the pass", (_, given) => {
    expect(withPass(given, pass)).toEqual({ Accept: "a", "x-list": ["1", "2"], "cf-access-token": "jwt" });
  });

  test("a caller's own credentials under our names are dropped in any case, and nothing given is changed", () => {
    const given = Object.freeze({
      "CF-Access-Token": "x",
      "cf-Access-Client-Secret": "y",
      "cf-access-client-id": "z",
      "cf-other": "o",
    });
    expect(withPass(given, pass)).toEqual({ "cf-other": "o", "cf-access-token": "jwt" });
    expect(withPass(["CF-ACCESS-TOKEN", "x"], pass)).toEqual({ "cf-access-token": "jwt" });
  });

  test("whatever the names, there is exactly one credential", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.mixedCase(fc.constantFrom("cf-access-token", "accept", "cf-ray")), fc.string())),
        (pairs) => {
          const names = Object.keys(withPass(pairs.flat(), pass)).map((name) => name.toLowerCase());
          expect(names.filter((name) => name === "cf-access-token")).toHaveLength(1);
        },
      ),
    );
  });
});

describe("what the caller sees", () => {
  const app = (_: unknown, response: import("node:http").ServerResponse) =>
    void response
      .appendHeader("set-cookie", "theme=dark")
      .appendHeader("set-cookie", "CF_Authorization=eyJh.eyJi.c; Path=/")
      .end("{}");

  test("the app's cookies, but never CF_Authorization: by request, raw, and by fetch", async () => {
    const { client } = await start({}, { app });
    expect((await client.request("/")).headers["set-cookie"]).toEqual(["theme=dark"]);
    const raw = await client.request("/", { responseHeaders: "raw" });
    expect(JSON.stringify(raw.headers)).not.toContain("CF_Authorization");
    expect((await client.fetch("/")).headers.getSetCookie()).toEqual(["theme=dark"]);
  });

  test("the cookie is found among others and an emptied one is none", () => {
    expect(findAuthorization(["a=b", "CF_Authorization=jwt; Path=/; HttpOnly"])).toBe("jwt");
    expect(findAuthorization("CF_Authorization=; Max-Age=0")).toBeUndefined();
    expect(findAuthorization("xCF_Authorization=jwt")).toBeUndefined();
    expect(findAuthorization(undefined)).toBeUndefined();
  });

  test("raw headers keep everything else in place", () => {
    const raw = ["Set-Cookie", "CF_Authorization=x", "a", "set-cookie", "SET-COOKIE", "t=1"].map((text) =>
      Buffer.from(text),
    );
    expect(rawWithoutAuthorization(raw).map(String)).toEqual(["a", "set-cookie", "SET-COOKIE", "t=1"]);
  });
});
