import { describe, expect, test } from "vitest";
import { parseOrigins } from "../../../gateway/src/policies/origins.ts";

describe("GATEWAY_ORIGINS", () => {
  const origins = parseOrigins(
    "stats.example.com=http://10.0.0.5:8080, *.example.com=https://inside.example.com/, s*.example.com=http://s, a.example:81=http://a",
  );

  test.each([
    ["stats.example.com", "http://10.0.0.5:8080"],
    ["stats.example.com:8443", "http://10.0.0.5:8080"],
    ["shop.example.com", "http://s"],
    ["other.example.com", "https://inside.example.com"],
    ["*.example.com", "https://inside.example.com"],
    ["a.example:81", "http://a"],
    ["a.example", undefined],
    ["example.com", undefined],
  ])("%s is at %s", (host, expected) => expect(origins(host)).toBe(expected));

  test.each([
    "x",
    "=http://a",
    "a.example=",
    "a.example=ftp://a",
    "a.example=http://a/b",
    "a.example/x=http://a",
    "a b=http://a",
  ])("%j is refused by its name", (text) =>
    expect(() => parseOrigins(`ok.example=http://ok, ${text}`)).toThrow("GATEWAY_ORIGINS"),
  );

  test("may be empty", () => expect(parseOrigins("")("a.example")).toBeUndefined());
});
