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
    ["two cookies in one header", ["Cookie", "CF_Authorization=a; CF_Authorization=b"], { jwt: "a", rivals: ["b"] }],
    ["one cookie twice", ["Cookie", "CF_Authorization=a; CF_Authorization=a"], { kind: "token", jwt: "a", rivals: [] }],
    ["two cookies in two headers", [...COOKIE, "Cookie", "CF_Authorization=b"], { jwt: "cookie-jwt", rivals: ["b"] }],
    ["an id alone", ID, incomplete],
    ["a secret alone", SECRET, incomplete],
    ["an empty secret", [...ID, "cf-access-client-secret", ""], incomplete],
    ["an empty JWT header", ["cf-access-token", ""], incomplete],
    ["an empty cookie", ["Cookie", "CF_Authorization="], { kind: "none" }],
    ["another spelling, which only looks like one", ["Cf_Access_Token", "jwt"], { kind: "none" }],
  ])("%s", (_, headers, expected) => expect(findCredential(headers)).toMatchObject(expected));
});

describe("of several cookies", () => {
  const jwtFor = (audience: string, id = 0) =>
    `e30.${Buffer.from(JSON.stringify({ aud: audience, id })).toString("base64url")}.x`;
  const found = (...jwts: readonly string[]) =>
    findCredential(["Cookie", jwts.map((jwt) => `CF_Authorization=${jwt}`).join("; ")], null, "mine");
  const [mine, rival] = [jwtFor("mine"), jwtFor("mine", 1)];

  test("those for this application are candidates", () => {
    expect(found("junk", mine, jwtFor("other"))).toMatchObject({ kind: "token", jwt: mine, rivals: [] });
    expect(found(rival, "junk", mine)).toMatchObject({ kind: "token", jwt: rival, rivals: [mine] });
  });

  test("where none is for this application, none can be good, and one stands for all", () => {
    expect(found("junk", jwtFor("other"))).toMatchObject({ kind: "token", jwt: "junk", rivals: [] });
  });

  test("no more than four are worth a signature's verification, and thousands are not looked into", () => {
    const many = (count: number) => Array.from({ length: count }, (_, id) => jwtFor("mine", id));
    expect(found(...many(4))).toMatchObject({ kind: "token", rivals: { length: 3 } });
    expect(found(...many(5))).toMatchObject(ambiguousCookies);
    expect(found(...Array<string>(19).fill("junk"), mine)).toMatchObject({ kind: "token", jwt: mine });
    expect(found(...Array<string>(1_700).fill("junk"), mine)).toMatchObject(ambiguousCookies);
  });
});
