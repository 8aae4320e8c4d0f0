import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDestination } from "../../../gateway/src/policies/destination.ts";
import type { Application } from "../../../gateway/src/policies/model.ts";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { bySpecificity } from "../../../gateway/src/policies/specificity.ts";
import { createApplicationPicker } from "../../../gateway/src/request/application.ts";

const [TEMPLATE] = parsePolicyFile(
  `applications: [{ name: A, aud: "${"1".repeat(64)}", domain: a.example, origin: "http://o", policies: [{ name: p, decision: allow, include: [{ everyone: {} }] }] }]`,
).applications;

/** An application named after its destinations. */
function at(...uris: readonly string[]): Application {
  if (TEMPLATE === undefined) throw new TypeError("no template");
  const destinations = uris.map((uri) => {
    const parsed = parseDestination(uri);
    if (!parsed.ok) throw new TypeError(`${uri}: ${parsed.problem}`);
    return parsed.destination;
  });
  return { ...TEMPLATE, name: uris.join(" "), destinations };
}

function pickOf(applications: readonly Application[]) {
  const { choose } = createApplicationPicker(applications);
  return (address: string) => {
    const slash = address.indexOf("/");
    const choice = choose({ host: address.slice(0, slash), path: address.slice(slash), query: "" });
    return choice.ok ? choice.application.name : choice.reason;
  };
}

describe("the application of a target", () => {
  const pick = pickOf(["a.example", "a.example/admin", "a.example/admin/deep", "b.example:81/x"].map((uri) => at(uri)));

  test.each([
    ["a.example/", "a.example"],
    ["a.example/administrator", "a.example"],
    ["a.example/admin", "a.example/admin"],
    ["a.example/admin/", "a.example/admin"],
    ["a.example/admin/deep/er", "a.example/admin/deep"],
    ["b.example:81/x/y", "b.example:81/x"],
    ["b.example:81/", "no_application"],
    ["b.example/x", "no_application"],
    ["c.example/", "no_application"],
  ])("%s is %s", (address, expected) => expect(pick(address)).toBe(expected));

  test.each(["/Admin", "/ADMIN/deep", "/admin;x=1", "/admin;x/deep", "/admin/Deep"])(
    "%s, which an origin may read as another application's path, is refused",
    (path) => expect(pick(`a.example${path}`)).toBe("bad_request"),
  );

  test.each(["/Other", "/admin/x;y=1", "/admin/X"])("%s, which is the same application either way, is served", (path) =>
    expect(pick(`a.example${path}`)).not.toBe("bad_request"),
  );
});

test.each([
  ["/a@b", "/a%40b"],
  ["/users/me:secret", "/users/me%3asecret/x"],
  ["/(inner)", "/%28inner%29"],
  ["/a,b", "/a%2cb"],
  ["/admin", "/admin%3bx=1"],
  ["/admin", "/admin%3fx"],
  // A letter whose lower case is the ASCII k.
  ["/kitchen", "/%e2%84%aaitchen"],
])("%s is not opened by its escaped spelling %s", (path, spelling) => {
  const pick = pickOf([at("a.example"), at(`a.example${path}`)]);
  expect(pick(`a.example${spelling}`)).toBe("bad_request");
  expect(pick(`a.example/other${spelling}`)).toBe("a.example");
});

describe("wildcards", () => {
  test.each([
    // In the host: one label, or a part of one; never the apex.
    ["*.example.com", "a.example.com/", true],
    ["*.example.com", "example.com/", false],
    ["*.example.com", "a.b.example.com/", false],
    ["*test.example.com", "test.example.com/", true],
    ["*test.example.com", "mytest.example.com/", true],
    ["*test.example.com", "my.test.example.com/", false],
    ["a*.example.com", "abc.example.com/", true],
    ["a*.example.com", "b.example.com/", false],
    ["a*a.example.com", "a.example.com/", false],
    ["*.*.example.com", "a.b.example.com/", true],
    ["test.*.com", "test.example.com/", true],
    ["*.example.com:8443", "a.example.com:8443/", true],
    ["*.example.com:8443", "a.example.com/", false],
    ["*.example.com", "a.example.com:8443/", false],
    ["*:8443", "localhost:8443/", true],
    ["*.example.com", "a.example.com.evil.example/", false],
    // In the path: any characters, slashes too.
    ["a.example/*", "a.example/", true],
    ["a.example/alpha/*", "a.example/alpha/x", true],
    ["a.example/alpha/*", "a.example/alpha/", true],
    ["a.example/alpha/*", "a.example/alpha", false],
    ["a.example/alpha*", "a.example/alpha", true],
    ["a.example/alpha*", "a.example/alphabet/x", true],
    ["a.example/foo*/bar", "a.example/foo/bar", true],
    ["a.example/foo*/bar", "a.example/foobar", false],
    ["a.example/foo*/bar", "a.example/foo1/2/3/bar", true],
    ["a.example/foo*/bar", "a.example/foo/bar/below", true],
    ["a.example/foo*/bar", "a.example/foo/barely", false],
    ["a.example/foo*/bar", "a.example/foo/barely/bar", true],
    ["a.example/*/x*/y", "a.example/1/x2/y", true],
    ["a.example/*/x*/y", "a.example/1/y", false],
  ])("%s, asked for %s: %s", (pattern, address, isCovered) => {
    expect(pickOf([at(pattern)])(address)).toBe(isCovered ? pattern : "no_application");
  });

  test.each([
    [["*.example.com", "a.example.com"], "a.example.com/x", "a.example.com"],
    [["*.example.com", "a.example.com/admin"], "a.example.com/x", "*.example.com"],
    [["*.example.com/x/y/z", "a.example.com"], "a.example.com/x/y/z", "a.example.com"],
    [["*.example.com", "*a.example.com"], "aa.example.com/", "*a.example.com"],
    [["a.example/foo*", "a.example/foo"], "a.example/foo", "a.example/foo"],
    [["a.example/alpha", "a.example/alpha/*"], "a.example/alpha/x", "a.example/alpha/*"],
    [["a.example/alpha", "a.example/alpha/*"], "a.example/alpha", "a.example/alpha"],
  ])("of %o, the most specific that covers %s is %s", (uris, address, expected) => {
    for (const order of [uris, uris.toReversed()]) {
      expect(pickOf(order.map((uri) => at(uri)))(address)).toBe(expected);
    }
  });

  test.each([
    [["a.example", "a.example/adm*"], "a.example/Admin"],
    [["a.example", "a.example/a*/secret"], "a.example/a1/SECRET"],
    [["a.example", "a.example/a*/secret"], "a.example/a1/secret;x"],
    [["*.example.com", "a*.example.com/admin"], "a1.example.com/ADMIN"],
    [["a.example/Alpha", "a.example"], "a.example/alpha"],
  ])("of %o, %s is refused as ambiguous", (uris, address) =>
    expect(pickOf(uris.map((uri) => at(uri)))(address)).toBe("bad_request"),
  );

  test("take no time that grows with the square of a path", () => {
    const pick = pickOf([at("a.example/*a/*a/*a/*b")]);
    expect(pick(`a.example/${"a/".repeat(15_000)}`)).toBe("no_application");
  });
});

describe("the choice", () => {
  const label = fc.constantFrom("a", "b", "ab", "*", "a*", "*b");
  const segment = fc.constantFrom("a", "b", "A", "ab", "*", "a*", "*b", "a*b");
  const uri = fc
    .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.array(segment, { maxLength: 3 }))
    .map(([host, path]) => host.join(".") + path.map((part) => `/${part}`).join(""));
  const address = fc
    .tuple(
      fc.array(fc.constantFrom("a", "b", "ab", "aab"), { minLength: 1, maxLength: 3 }),
      fc.array(fc.constantFrom("a", "b", "A", "ab", "aab", "a;b", "AB"), { maxLength: 4 }),
    )
    .map(([host, path]) => `${host.join(".")}/${path.join("/")}`);

  test("is what a slow and obvious way to choose gives", () => {
    fc.assert(
      fc.property(fc.uniqueArray(uri, { minLength: 1, maxLength: 6 }), address, (uris, asked) => {
        const kept = [...new Map(uris.map((one) => [placeOf(one), one])).values()];
        expect(pickOf(kept.map((one) => at(one)))(asked)).toBe(obviousChoice(kept, asked));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Every pattern as a regular expression, all of them tried, the best kept. */
function obviousChoice(uris: readonly string[], asked: string): string {
  const slash = asked.indexOf("/");
  const host = asked.slice(0, slash);
  const path = asked.slice(slash);
  const exact = best(uris, host, path, (pattern) => pattern);
  const loose = best(uris, host, path.toLowerCase().replace(/;[^/]*/g, ""), (pattern) => pattern.toLowerCase());
  if (exact !== loose) return "bad_request";
  return exact ?? "no_application";
}

function best(
  uris: readonly string[],
  host: string,
  path: string,
  read: (pattern: string) => string,
): string | undefined {
  return uris
    .filter((uri) => {
      const place = placeOf(uri);
      const at = place.indexOf("/");
      const hostPattern = at === -1 ? place : place.slice(0, at);
      const pathPattern = at === -1 ? "" : place.slice(at);
      const labels = hostPattern.split(".").map((one) => (one === "*" ? "[^.]+" : one.replace("*", "[^.]*")));
      const below = pathPattern.endsWith("*") ? "" : "(?=/|$)";
      return (
        new RegExp(`^${labels.join("\\.")}$`).test(host) &&
        new RegExp(`^${read(pathPattern).replaceAll("*", ".*")}${below}`).test(path)
      );
    })
    .toSorted((a, b) => byRank(hostOf(a), hostOf(b), true) || byRank(pathOf(a), pathOf(b), false))[0];
}

/** An exact host before any with wildcards; more literal characters before fewer, fewer wildcards before more, then by the text. */
function byRank(a: string, b: string, isHost: boolean): number {
  const rank = (text: string) => {
    const literal = text.replaceAll("*", "").length;
    return (isHost && !text.includes("*") ? 1_000 : 0) + literal - (text.length - literal) / 100;
  };
  return rank(b) - rank(a) || (a < b ? -1 : Number(a > b));
}

function hostOf(uri: string): string {
  return uri.split("/", 1)[0] ?? "";
}

function pathOf(uri: string): string {
  return placeOf(uri).slice(hostOf(uri).length);
}

function placeOf(uri: string): string {
  return uri.replace(/\/\*$/, (end) => (uri.indexOf("/") === uri.length - 2 ? "" : end));
}

describe("many applications on one host", () => {
  const paths = ["", "/a", "/a/b", "/a*", "/a/*/c", "/*/b", "/b", "/b/a*", "/A"];
  const address = fc
    .array(fc.constantFrom("a", "b", "c", "ab", "A", "a;x"), { maxLength: 4 })
    .map((segments) => `/${segments.join("/")}`);

  test("are found by their first segment as they would be one by one", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...paths), { minLength: 1 }), address, (chosen, path) => {
        const together = pickOf(chosen.map((each) => at(`a.example${each}`)))(`a.example${path}`);
        const alone = chosen.toSorted(bySpecificity).filter((each) => {
          const answer = pickOf([at(`a.example${each}`)])(`a.example${path}`);
          return answer !== "no_application" && answer !== "bad_request";
        });
        fc.pre(together !== "bad_request");
        expect(together).toBe(alone[0] === undefined ? "no_application" : `a.example${alone[0]}`);
      }),
    );
  });
});
