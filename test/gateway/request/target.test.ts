import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTarget } from "../../../gateway/src/request/target.ts";

const HOST = ["stats.example.com"];
const isOk = (url: string, hosts: readonly string[] = HOST) => parseTarget(url, hosts).ok;

describe("the request target", () => {
  test("is taken as it stands: path and query byte for byte, host in lower case", () => {
    expect(parseTarget("/Reports/a%20b%C3%A9/?x=//y&z=../%2e", ["Stats.Example.com:4001"])).toEqual({
      ok: true,
      target: { host: "stats.example.com:4001", path: "/Reports/a%20b%C3%A9/", query: "?x=//y&z=../%2e" },
    });
  });

  test.each([
    "/",
    "/?",
    "/a",
    "/a/",
    "/a.b/..c/c..",
    "/%E2%82%AC",
    "/a;v=1",
    "/a:b@c",
    "/a|b",
    "/.well-known/x",
    "/100%25",
  ])("%s is read", (url) => expect(isOk(url)).toBe(true));

  test.each([
    ["/public/../admin", "dot segment"],
    ["/a/./b", "dot segment"],
    ["/a/..", "dot segment at the end"],
    ["/..;/admin", "dots before a parameter"],
    ["/%2e%2e/admin", "escaped dots"],
    ["/.%2E/admin", "half escaped dots"],
    ["/a%2fb", "escaped slash"],
    ["/a%5Cb", "escaped backslash"],
    ["/a%252fb", "double escape"],
    ["/%61dmin", "escaped letter"],
    ["/a%00", "escaped NUL"],
    ["/a%0d%0ab", "escaped line end"],
    ["/%c0%afadmin", "overlong slash"],
    ["/%ff", "no UTF-8"],
    ["/a\\b", "backslash"],
    ["//evil", "two slashes"],
    ["/a//b", "two slashes inside"],
    ["/a#b", "fragment"],
    ["/a?x#b", "fragment after the query"],
    ["/a%", "cut escape"],
    ["/a%zz", "escape that is none"],
    ["/a\tb", "tab"],
    ["/a b", "space"],
    ["/caf\u00e9", "byte over 127"],
    ["/?a=\u0001", "control byte in the query"],
    ["*", "asterisk"],
    ["", "nothing"],
    ["admin", "no slash"],
    ["http://evil.example/", "another host"],
    ["http://stats.example.com@evil.example/", "userinfo"],
    ["http://stats.example.com", "absolute form without a path"],
    ["ftp://stats.example.com/", "another scheme"],
  ])("%j is refused: %s", (url) => expect(isOk(url)).toBe(false));

  test("absolute form is taken for the host of the Host header only", () => {
    expect(parseTarget("http://STATS.example.com/a?b", HOST)).toMatchObject({ target: { path: "/a", query: "?b" } });
    expect(isOk("http://stats.example.com:81/a")).toBe(false);
  });

  test.each([
    [[]],
    [["a.example", "a.example"]],
    [[""]],
    [["a.example/x"]],
    [["a@b"]],
    [["a b"]],
    [["a,b"]],
    [["a.example:"]],
  ])("Host headers %j are refused", (hosts) => expect(isOk("/", hosts)).toBe(false));

  test("whatever is read resolves, for a URL parser, to the same path on the same host", () => {
    const piece = fc.constantFrom(
      "/",
      ".",
      "..",
      "%2e",
      "%2F",
      "%5c",
      "\\",
      "a",
      "é",
      "%c3%a9",
      ";",
      "\t",
      "#",
      "?",
      "//",
      "@",
      ":",
      "%",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const url = `/${pieces.join("")}`;
        const parsed = parseTarget(url, HOST);
        if (!parsed.ok) return;
        const resolved = new URL(url, "http://stats.example.com");
        expect(resolved.host).toBe("stats.example.com");
        expect(resolved.hash).toBe("");
        expect(resolved.pathname).toBe(parsed.target.path);
        expect(decodeURIComponent(parsed.target.path).split("/")).not.toContain("..");
      }),
      { numRuns: 2_000 },
    );
  });
});
