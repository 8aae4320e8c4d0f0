import { inspect } from "node:util";
import { createVerifier } from "@gatehouse/access-client/verify";
import { describe, expect, test } from "vitest";
import {
  AUDIENCE,
  botClaims,
  CLIENT_ID,
  ISSUER,
  NOW_SECONDS,
  personClaims,
  startVerifying,
} from "../support/verifying.ts";

describe("who a JWT stands for", () => {
  test("an empty sub with a common name is a bot", async () => {
    const { verifier, signer } = await startVerifying();
    const subject = await verifier().verify(await signer.sign(botClaims));
    expect(subject).toMatchObject({ kind: "service", clientId: CLIENT_ID });
    expect(subject.claims.exp).toBe(botClaims.exp);
  });

  test("an e-mail address is a person, with a name where there is one", async () => {
    const { verifier, signer } = await startVerifying();
    const subject = await verifier().verify(await signer.sign({ ...personClaims, custom: { name: "Ada" } }));
    expect(subject).toMatchObject({ kind: "person", email: "ada@example.com", userId: "7d1b", name: "Ada" });
    expect(await verifier().verify(await signer.sign(personClaims))).not.toHaveProperty("name");
  });

  test("an audience as a plain string, as in tokens of 2020, is taken, and one among several", async () => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign({ ...botClaims, aud: AUDIENCE }))).toBe("accepted");
    expect(await codeFor(await signer.sign({ ...botClaims, aud: ["0".repeat(64), AUDIENCE] }))).toBe("accepted");
  });
});

describe("what is refused", () => {
  test.each([
    ["another issuer", { ...botClaims, iss: "https://evil.example.com" }, "ERR_ASSERTION_ISSUER"],
    ["no issuer", { ...botClaims, iss: undefined }, "ERR_ASSERTION_ISSUER"],
    ["our issuer in a list", { ...botClaims, iss: [ISSUER] }, "ERR_ASSERTION_ISSUER"],
    ["our issuer with a slash at its end", { ...botClaims, iss: `${ISSUER}/` }, "ERR_ASSERTION_ISSUER"],
    ["our issuer in capitals", { ...botClaims, iss: ISSUER.toUpperCase() }, "ERR_ASSERTION_ISSUER"],
    ["our issuer with a port", { ...botClaims, iss: `${ISSUER}:443` }, "ERR_ASSERTION_ISSUER"],
    ["another application's audience", { ...botClaims, aud: ["0".repeat(64)] }, "ERR_ASSERTION_AUDIENCE"],
    ["our audience in capitals", { ...botClaims, aud: [AUDIENCE.toUpperCase()] }, "ERR_ASSERTION_AUDIENCE"],
    ["our audience in a list in a list", { ...botClaims, aud: [[AUDIENCE]] }, "ERR_ASSERTION_AUDIENCE"],
    ["an empty list of audiences", { ...botClaims, aud: [] }, "ERR_ASSERTION_AUDIENCE"],
    ["no audience", { ...botClaims, aud: undefined }, "ERR_ASSERTION_AUDIENCE"],
    ["no expiry", { ...botClaims, exp: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["an expiry that is a text", { ...botClaims, exp: String(botClaims.exp) }, "ERR_ASSERTION_CLAIMS"],
    ["no time of issue", { ...botClaims, iat: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["no sub", { ...botClaims, sub: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["a sub of null", { ...botClaims, sub: null }, "ERR_ASSERTION_CLAIMS"],
    ["a bot with a sub", { ...botClaims, sub: "7d1b" }, "ERR_ASSERTION_CLAIMS"],
    ["an empty common name", { ...botClaims, common_name: "" }, "ERR_ASSERTION_CLAIMS"],
    ["a common name that is a list", { ...botClaims, common_name: [CLIENT_ID] }, "ERR_ASSERTION_CLAIMS"],
    ["not valid yet", { ...personClaims, nbf: NOW_SECONDS + 1 }, "ERR_ASSERTION_NOT_YET_VALID"],
    ["a beginning that is a text", { ...personClaims, nbf: "0" }, "ERR_ASSERTION_NOT_YET_VALID"],
    ["an organisation token", { ...botClaims, type: "org" }, "ERR_ASSERTION_CLAIMS"],
    ["the login's meta token", { ...botClaims, type: "meta" }, "ERR_ASSERTION_CLAIMS"],
    ["no type", { ...botClaims, type: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["neither bot nor person", { ...botClaims, common_name: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["bot and person at once", { ...botClaims, email: "ada@example.com" }, "ERR_ASSERTION_CLAIMS"],
    ["person and bot at once", { ...personClaims, common_name: CLIENT_ID }, "ERR_ASSERTION_CLAIMS"],
    ["a person without an id", { ...personClaims, sub: "" }, "ERR_ASSERTION_CLAIMS"],
    ["a person without an address", { ...personClaims, email: "" }, "ERR_ASSERTION_CLAIMS"],
  ])("%s", async (_, claims, code) => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign(claims))).toBe(code);
  });

  test("a token at exactly its expiry, and one second after; not one second before", async () => {
    const { codeFor, signer } = await startVerifying();
    const at = async (seconds: number) => codeFor(await signer.sign({ ...botClaims, exp: NOW_SECONDS + seconds }));
    expect([await at(1), await at(0), await at(-1)]).toEqual([
      "accepted",
      "ERR_ASSERTION_EXPIRED",
      "ERR_ASSERTION_EXPIRED",
    ]);
  });

  test("the clock tolerance is the one asked for, at both ends", async () => {
    const { codeFor, signer } = await startVerifying();
    const ended = await signer.sign({ ...botClaims, exp: NOW_SECONDS - 4 });
    expect(await codeFor(ended, { clockSkewSeconds: 5 })).toBe("accepted");
    expect(await codeFor(ended, { clockSkewSeconds: 4 })).toBe("ERR_ASSERTION_EXPIRED");
    const early = await signer.sign({ ...personClaims, nbf: NOW_SECONDS + 5 });
    expect(await codeFor(early, { clockSkewSeconds: 5 })).toBe("accepted");
    expect(await codeFor(early, { clockSkewSeconds: 4 })).toBe("ERR_ASSERTION_NOT_YET_VALID");
  });

  test("no error holds the JWT or its claims", async () => {
    const { verifier, signer } = await startVerifying();
    const jwt = await signer.sign({ ...botClaims, aud: ["another"] });
    const error = await verifier()
      .verify(jwt)
      .catch((caught: unknown) => caught);
    const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
    expect(shown).toContain("ERR_ASSERTION_AUDIENCE");
    expect(shown).not.toContain(jwt.split(".")[1]);
    expect(shown).not.toContain(CLIENT_ID);
  });
});

describe("options", () => {
  test.each([
    ["no issuer", { issuer: "" }],
    ["an issuer with a slash at its end", { issuer: `${ISSUER}/` }],
    ["an issuer that no gateway would write so", { issuer: ISSUER.toUpperCase() }],
    ["an issuer that is no URL", { issuer: "team.example.com" }],
    ["no audience", { audience: "" }],
    ["an empty list of audiences", { audience: [] }],
    ["a key set over plain http", { jwksUrl: "http://team.example.com/certs" }],
    ["a key set with a password", { jwksUrl: "https://a:b@team.example.com/certs" }],
    ["a boundless clock tolerance", { clockSkewSeconds: Number.POSITIVE_INFINITY }],
    ["a clock tolerance that is no number", { clockSkewSeconds: Number.NaN }],
    ["an empty list of issuers", { issuer: undefined, issuers: [] }],
    ["an issuer and issuers", { issuers: [{ issuer: ISSUER, audience: AUDIENCE }] }],
    ["a revocation list that is no function", { isRevoked: new Set() }],
  ])("%s is a TypeError at construction", (_, changes) => {
    const { issuer, ...options } = { issuer: ISSUER, audience: AUDIENCE, ...changes };
    const all = issuer === undefined ? options : { issuer, ...options };
    expect(() => createVerifier(all as unknown as Parameters<typeof createVerifier>[0])).toThrow(TypeError);
  });

  test("a wrong issuer is answered with the right one", () => {
    const make = () => createVerifier({ issuer: "https://Team.Example.com/", audience: AUDIENCE });
    expect(make).toThrow("https://team.example.com");
  });

  test("the key set's address follows from the issuer", async () => {
    const { server, signer, clock } = await startVerifying();
    const issuer = server.url.replace("/cdn-cgi/access/certs", "");
    const subject = createVerifier({ issuer, audience: [AUDIENCE, "0".repeat(64)], now: () => clock.nowMs });
    await expect(subject.verify(await signer.sign({ ...botClaims, iss: issuer }))).resolves.toBeDefined();
  });
});
