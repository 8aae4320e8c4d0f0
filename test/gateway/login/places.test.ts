import { parsePolicyFile } from "@gatehouse/gateway";
import { describe, expect, test } from "vitest";
import { returnPathOn } from "../../../gateway/src/login/places.ts";
import { createApplicationPicker } from "../../../gateway/src/request/application.ts";

const entry = (domain: string, digit: string) =>
  `{ name: A, aud: "${digit.repeat(64)}", domain: "${domain}", origin: "http://o", policies: [{ name: p, decision: allow, include: [{ everyone: {} }] }] }`;
const { applications } = parsePolicyFile(
  `applications: [${entry("a.example", "1")}, ${entry("a.example/admin", "2")}]`,
);
const pick = createApplicationPicker(applications).choose;
const returnPath = (asked: string | undefined) => {
  const [application] = applications;
  if (application === undefined) throw new TypeError("no application");
  return returnPathOn("a.example", asked, application, pick);
};

describe("where a login comes back to", () => {
  test.each(["/reports?x=1", "/", "/a%20b?next=//x"])("%s of the application", (asked) =>
    expect(returnPath(asked)).toBe(asked),
  );

  test.each([
    undefined,
    "",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "///evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http://a.example@evil.example/",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "/..//evil.example",
    "/cdn-cgi/access/logout",
    "/admin/secret",
    "evil.example",
    "/a\r\nSet-Cookie: x=1",
  ])("%j is not followed: the first page instead", (asked) => expect(returnPath(asked)).toBe("/"));
});
