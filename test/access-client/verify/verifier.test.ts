import { createVerifier, type VerifierOptions } from "@gatehouse/access-client/verify";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type KeyServer, startKeyServer } from "../support/key-server.ts";
import { createSigner, type Signer } from "../support/signer.ts";

const ISSUER = "https://team.example.com";
const AUDIENCE = "f".repeat(64);
const NOW_SECONDS = 1_795_000_000;
const CLIENT_ID = `${"1".repeat(32)}.access`;

const botClaims = {
  type: "app",
  iss: ISSUER,
  aud: [AUDIENCE],
  iat: NOW_SECONDS - 10,
  exp: NOW_SECONDS + 60,
  sub: "",
  common_name: CLIENT_ID,
};
const { common_name: _, ...commonClaims } = botClaims;
const personClaims = { ...commonClaims, sub: "7d1b", email: "ada@example.com", nbf: NOW_SECONDS - 10 };

let signer: Signer;
let server: KeyServer;
let nowMs: number;

beforeAll(async () => {
  signer = await createSigner();
  server = await startKeyServer([]);
});
beforeEach(() => {
  nowMs = NOW_SECONDS * 1_000;
  Object.assign(server, { keys: [signer.jwk], fetches: 0, answer: undefined });
});
afterAll(() => server.close());

function verifier(options: Partial<VerifierOptions> = {}) {
  const base = { issuer: ISSUER, audience: AUDIENCE, jwksUrl: server.url, now: () => nowMs, clockSkewSeconds: 0 };
  return createVerifier({ ...base, ...options });
}

async function codeFor(jwt: string, options?: Partial<VerifierOptions>): Promise<unknown> {
  return verifier(options)
    .verify(jwt)
    .then(
      () => "accepted",
      (error) => error.code,
    );
}

describe("who a JWT stands for", () => {
  test("an empty sub with a common name is a bot", async () => {
    const subject = await verifier().verify(await signer.sign(botClaims));
    expect(subject).toMatchObject({ kind: "service", clientId: CLIENT_ID });
    expect(subject.claims.exp).toBe(botClaims.exp);
  });

  test("an e-mail address is a person, with a name where there is one", async () => {
    const subject = await verifier().verify(await signer.sign({ ...personClaims, custom: { name: "Ada" } }));
    expect(subject).toMatchObject({ kind: "person", email: "ada@example.com", userId: "7d1b", name: "Ada" });
    expect(await verifier().verify(await signer.sign(personClaims))).not.toHaveProperty("name");
  });

  test("an audience as a plain string, as in tokens of 2020, is taken", async () => {
    expect(await codeFor(await signer.sign({ ...botClaims, aud: AUDIENCE }))).toBe("accepted");
  });
});

describe("what is refused", () => {
  test.each([
    ["another issuer", { ...botClaims, iss: "https://evil.example.com" }, "ERR_ASSERTION_ISSUER"],
    ["another application's audience", { ...botClaims, aud: ["0".repeat(64)] }, "ERR_ASSERTION_AUDIENCE"],
    ["no audience", { ...botClaims, aud: undefined }, "ERR_ASSERTION_AUDIENCE"],
    ["no expiry", { ...botClaims, exp: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["not valid yet", { ...personClaims, nbf: NOW_SECONDS + 1 }, "ERR_ASSERTION_NOT_YET_VALID"],
    ["an organisation token", { ...botClaims, type: "org" }, "ERR_ASSERTION_CLAIMS"],
    ["no type", { ...botClaims, type: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["neither bot nor person", { ...botClaims, common_name: undefined }, "ERR_ASSERTION_CLAIMS"],
    ["bot and person at once", { ...botClaims, email: "ada@example.com" }, "ERR_ASSERTION_CLAIMS"],
    ["a person without an id", { ...personClaims, sub: "" }, "ERR_ASSERTION_CLAIMS"],
  ])("%s", async (_, claims, code) => {
    expect(await codeFor(await signer.sign(claims))).toBe(code);
  });

  test("a token at exactly its expiry, and one second after; not one second before", async () => {
    const at = async (seconds: number) => codeFor(await signer.sign({ ...botClaims, exp: NOW_SECONDS + seconds }));
    expect([await at(1), await at(0), await at(-1)]).toEqual([
      "accepted",
      "ERR_ASSERTION_EXPIRED",
      "ERR_ASSERTION_EXPIRED",
    ]);
  });

  test("the clock tolerance is the one asked for", async () => {
    const jwt = await signer.sign({ ...botClaims, exp: NOW_SECONDS - 4 });
    expect(await codeFor(jwt, { clockSkewSeconds: 5 })).toBe("accepted");
    expect(await codeFor(jwt, { clockSkewSeconds: 4 })).toBe("ERR_ASSERTION_EXPIRED");
  });

  test("an HMAC made with our public key", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(signer.jwk));
    const jwt = await new SignJWT(botClaims).setProtectedHeader({ alg: "HS256", kid: signer.kid }).sign(secret);
    expect(await codeFor(jwt)).toBe("ERR_ASSERTION_ALGORITHM");
  });

  test('"none" as the algorithm', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    expect(await codeFor(`${encode({ alg: "none", kid: signer.kid })}.${encode(botClaims)}.`)).toMatch(
      /ERR_ASSERTION_(?:ALGORITHM|MALFORMED)/,
    );
  });

  test("another key under our key's id", async () => {
    const forger = await createSigner(signer.kid);
    expect(await codeFor(await forger.sign(botClaims))).toBe("ERR_ASSERTION_SIGNATURE");
  });

  test.each(["", "x", "a.b.c", "eyJhbGciOiJSUzI1NiJ9..", "x".repeat(20_000), " ", "a.b.c.d.e"])(
    "garbage %#",
    async (jwt) => {
      expect(await codeFor(jwt)).toMatch(/^ERR_ASSERTION_/);
    },
  );

  test("no error holds the JWT or its claims", async () => {
    const jwt = await signer.sign({ ...botClaims, iss: "https://evil.example.com" });
    const error = await verifier()
      .verify(jwt)
      .catch((caught: unknown) => caught);
    const shown = `${(await import("node:util")).inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
    expect(shown).not.toContain(jwt.split(".")[1]);
    expect(shown).not.toContain(CLIENT_ID);
  });
});

describe("the key set", () => {
  test("is fetched once for many tokens, and again after ten minutes", async () => {
    const subject = verifier();
    const jwt = await signer.sign({ ...botClaims, exp: NOW_SECONDS + 86_400 * 3 });
    await Promise.all(Array.from({ length: 50 }, () => subject.verify(jwt)));
    expect(server.fetches).toBe(1);
    nowMs += 10 * 60_000;
    await Promise.all(Array.from({ length: 50 }, () => subject.verify(jwt)));
    expect(server.fetches).toBe(2);
  });

  test("an unknown key id causes a fetch at most every 30 seconds, and finds a rotated key", async () => {
    const subject = verifier();
    await subject.verify(await signer.sign(botClaims));
    const next = await createSigner("b".repeat(64));
    const jwt = await next.sign({ ...botClaims, exp: NOW_SECONDS + 3_600 });
    for (let round = 0; round < 20; round += 1) {
      await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_UNKNOWN_KEY" });
    }
    expect(server.fetches).toBe(1);
    server.keys = [signer.jwk, next.jwk];
    nowMs += 30_000;
    await expect(subject.verify(jwt)).resolves.toMatchObject({ clientId: CLIENT_ID });
    expect(server.fetches).toBe(2);
  });

  test("a key server that was down at first is asked again after a second", async () => {
    const subject = verifier();
    const jwt = await signer.sign(botClaims);
    server.answer = { status: 503, body: "" };
    await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_KEYS_UNAVAILABLE" });
    await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_KEYS_UNAVAILABLE" });
    expect(server.fetches).toBe(1);
    server.answer = undefined;
    nowMs += 1_000;
    await expect(subject.verify(jwt)).resolves.toBeDefined();
  });

  test("a withdrawn key stops being trusted", async () => {
    const subject = verifier();
    const jwt = await signer.sign({ ...botClaims, exp: NOW_SECONDS + 86_400 });
    await subject.verify(jwt);
    server.keys = [(await createSigner("c".repeat(64))).jwk];
    nowMs += 10 * 60_000;
    await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_UNKNOWN_KEY" });
  });

  test("the last good keys serve while the key server fails, for a day, and it is not hammered", async () => {
    const subject = verifier();
    const jwt = await signer.sign({ ...botClaims, exp: NOW_SECONDS + 86_400 * 3 });
    await subject.verify(jwt);
    server.answer = { status: 500, body: "" };
    nowMs += 10 * 60_000;
    await subject.verify(jwt);
    await subject.verify(jwt);
    expect(server.fetches).toBe(2);
    nowMs += 86_400_000;
    await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_KEYS_UNAVAILABLE" });
  });

  test.each([
    ["a failure", { status: 503, body: "" }],
    ["a redirect", { status: 302, body: "", location: "/elsewhere" }],
    ["HTML", { status: 200, body: "<html>" }],
    ["no keys", { status: 200, body: '{"keys":[]}' }],
    ["null", { status: 200, body: "null" }],
    ["only a symmetric key", { status: 200, body: '{"keys":[{"kty":"oct","k":"AAAA","kid":"x"}]}' }],
    ["too much", { status: 200, body: `{"keys":[],"x":"${"x".repeat(70_000)}"}` }],
  ])("%s in its place is unavailable keys, not a bad token", async (_, answer) => {
    server.answer = answer;
    expect(await codeFor(await signer.sign(botClaims))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    expect(server.fetches).toBe(1);
  });
});

describe("options", () => {
  test.each([
    ["no issuer", { issuer: "" }],
    ["an issuer with a slash at its end", { issuer: `${ISSUER}/` }],
    ["no audience", { audience: "" }],
    ["an empty list of audiences", { audience: [] }],
    ["a key set over plain http", { jwksUrl: "http://team.example.com/certs" }],
    ["a key set with a password", { jwksUrl: "https://a:b@team.example.com/certs" }],
    ["a boundless clock tolerance", { clockSkewSeconds: Number.POSITIVE_INFINITY }],
  ])("%s is a TypeError at construction", (_, options) => {
    expect(() => verifier(options)).toThrow(TypeError);
  });

  test("the key set's address follows from the issuer", async () => {
    const issuer = server.url.replace("/cdn-cgi/access/certs", "");
    const subject = createVerifier({ issuer, audience: [AUDIENCE, "0".repeat(64)], now: () => nowMs });
    await expect(subject.verify(await signer.sign({ ...botClaims, iss: issuer }))).resolves.toBeDefined();
  });
});
