import { describe, expect, test } from "vitest";
import { findCredential } from "../../../gateway/src/request/credential.ts";

const ID = ["Cf-Access-Client-Id", "id.access"];
const SECRET = ["CF-Access-Client-Secret", "secret"];
const TOKEN = ["cf-access-token", "jwt"];
const COOKIE = ["Cookie", "a=1; CF_Authorization=cookie-jwt; b=2"];
const ambiguous = { kind: "refused", reason: "ambiguous_credential", carrier: "header" };
const ambiguousCookies = { ...ambiguous, carrier: "cookie" };
const incomplete = { kind: "refused", reason: "incomplete_credential" };

describe("the credential of a request", () => {
  test.each([
    ["nothing", [], { kind: "none" }],
    ["a pair", [...ID, ...SECRET], { kind: "pair", clientId: "id.access", clientSecret: "secret" }],
    ["a JWT in its header", TOKEN, { kind: "token", jwt: "jwt", carrier: "header" }],
    ["a JWT in its cookie", COOKIE, { kind: "token", jwt: "cookie-jwt", carrier: "cookie" }],
    ["a pair and a cookie: the header speaks", [...ID, ...SECRET, ...COOKIE], { kind: "pair" }],
    ["a JWT header and a cookie: the header speaks", [...TOKEN, ...COOKIE], { carrier: "header" }],
    ["a pair and a JWT header", [...ID, ...SECRET, ...TOKEN], ambiguous],
    ["two ids", [...ID, ...ID, ...SECRET], ambiguous],
    ["two secrets", [...ID, ...SECRET, ...SECRET], ambiguous],
    ["two JWT headers", [...TOKEN, ...TOKEN], ambiguous],
    ["two cookies in one header", ["Cookie", "CF_Authorization=a; CF_Authorization=b"], ambiguousCookies],
    ["two cookies in two headers", [...COOKIE, ...COOKIE], ambiguousCookies],
    ["an id alone", ID, incomplete],
    ["a secret alone", SECRET, incomplete],
    ["an empty secret", [...ID, "cf-access-client-secret", ""], incomplete],
    ["an empty JWT header", ["cf-access-token", ""], incomplete],
    ["an empty cookie", ["Cookie", "CF_Authorization="], { kind: "none" }],
    ["another spelling, which only looks like one", ["Cf_Access_Token", "jwt"], { kind: "none" }],
  ])("%s", (_, headers, expected) => expect(findCredential(headers)).toMatchObject(expected));
});

test("of thousands of cookies none is looked into", () => {
  const jwt = `e30.${Buffer.from('{"aud":"mine"}').toString("base64url")}.x`;
  const cookies = (count: number) => [
    "Cookie",
    [...Array(count).fill("CF_Authorization=x"), `CF_Authorization=${jwt}`].join("; "),
  ];
  expect(findCredential(cookies(3), null, "mine")).toMatchObject({ kind: "token", jwt });
  expect(findCredential(cookies(1_700), null, "mine")).toMatchObject(ambiguousCookies);
});
