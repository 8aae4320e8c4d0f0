import { describe, expect, test } from "vitest";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { createApplicationPicker } from "../../../gateway/src/request/application.ts";

const entry = (name: string, domain: string, digit: string) =>
  `{ name: ${name}, aud: "${digit.repeat(64)}", domain: "${domain}", origin: "http://o", policies: [{ name: p, decision: allow, include: [{ everyone: {} }] }] }`;
const text = `applications: [${entry("root", "a.example", "1")}, ${entry("admin", "a.example/admin", "2")}, ${entry("deep", "a.example/admin/deep", "3")}, ${entry("port", "b.example:81/x", "4")}]`;
const pick = createApplicationPicker(parsePolicyFile(text).applications).choose;
const pickName = (host: string, path: string) => {
  const choice = pick({ host, path, query: "" });
  return choice.ok ? choice.application.name : choice.reason;
};

describe("the application of a target", () => {
  test.each([
    ["a.example", "/", "root"],
    ["a.example", "/administrator", "root"],
    ["a.example", "/admin", "admin"],
    ["a.example", "/admin/", "admin"],
    ["a.example", "/admin/deep/er", "deep"],
    ["b.example:81", "/x/y", "port"],
    ["b.example:81", "/", "no_application"],
    ["b.example", "/x", "no_application"],
    ["c.example", "/", "no_application"],
  ])("%s%s is %s", (host, path, expected) => expect(pickName(host, path)).toBe(expected));

  test.each(["/Admin", "/ADMIN/deep", "/admin;x=1", "/admin;x/deep", "/admin/Deep"])(
    "%s, which an origin may read as another application's path, is refused",
    (path) => expect(pickName("a.example", path)).toBe("bad_request"),
  );
});
