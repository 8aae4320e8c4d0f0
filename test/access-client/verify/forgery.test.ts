import { AccessVerifyError, type Verifier } from "@gatehouse/access-client/verify";
import fc from "fast-check";
import { exportJWK, exportSPKI, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createSigner } from "../support/signer.ts";
import { botClaims, CLIENT_ID, codeOf, startVerifying, unsigned } from "../support/verifying.ts";

describe("a forged algorithm", () => {
  test.each(["none", "None", "NONE", "nOnE", "", "HS256", "RS512", "PS256", "ES256", "EdDSA", null, 1, ["RS256"]])(
    "%j",
    async (alg) => {
      const { codeFor, signer, server } = await startVerifying();
      const header = { alg, kid: signer.kid, typ: "JWT" };
      for (const signature of ["", "c2lnbmF0dXJl"]) {
        expect(await codeFor(unsigned(header, botClaims, signature))).toMatch(/ERR_ASSERTION_(?:ALGORITHM|MALFORMED)/);
      }
      expect(server.fetches).toBe(0);
    },
  );

  test("an HMAC made with our public key, as JWK or PEM", async () => {
    const { codeFor, signer } = await startVerifying();
    for (const publicKey of [JSON.stringify(signer.jwk), await exportSPKI(signer.publicKey)]) {
      const secret = new TextEncoder().encode(publicKey);
      const jwt = await new SignJWT(botClaims).setProtectedHeader({ alg: "HS256", kid: signer.kid }).sign(secret);
      expect(await codeFor(jwt)).toBe("ERR_ASSERTION_ALGORITHM");
    }
  });
});

describe("a forged key", () => {
  test("another key under our key's id", async () => {
    const { codeFor, signer } = await startVerifying();
    const forger = await createSigner(signer.kid);
    expect(await codeFor(await forger.sign(botClaims))).toBe("ERR_ASSERTION_SIGNATURE");
  });

  test("a key that the JWT brings itself, or says where to fetch", async () => {
    const { codeFor, signer, server } = await startVerifying();
    const forger = await createSigner(signer.kid);
    const jwk = await exportJWK(forger.publicKey);
    for (const header of [{ jwk }, { jku: server.url }, { x5u: server.url }, { x5c: ["AAAA"] }]) {
      expect(await codeFor(await forger.sign(botClaims, header))).toBe("ERR_ASSERTION_SIGNATURE");
      expect(await codeFor(await signer.sign(botClaims, header))).toBe("accepted");
    }
  });

  test.each([
    undefined,
    null,
    "",
    0,
    [],
    {},
    "__proto__",
    "constructor",
    "../certs",
    "a".repeat(63),
    "A".repeat(64),
    ["a".repeat(64)],
  ])("the key id %j", async (kid) => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign(botClaims, { kid }))).toMatch(/ERR_ASSERTION_(?:UNKNOWN_KEY|MALFORMED)/);
  });
});

test("a JWT that names no key causes no fetch", async () => {
  const { codeFor, signer, server } = await startVerifying();
  expect(await codeFor(await signer.sign(botClaims, { kid: undefined }))).toBe("ERR_ASSERTION_UNKNOWN_KEY");
  expect(server.fetches).toBe(0);
});

describe("a header for something else", () => {
  test.each([
    ["an extension that we must understand", { crit: ["b64"], b64: true }],
    ["one that nobody knows", { crit: ["exp"], exp: 1 }],
    ["an unencoded payload", { crit: ["b64"], b64: false }],
  ])("%s", async (_, header) => {
    const { codeFor, signer } = await startVerifying();
    const text = unsigned({ alg: "RS256", kid: signer.kid, ...header });
    expect(await codeFor(text)).toMatch(/ERR_ASSERTION_(?:MALFORMED|SIGNATURE)/);
  });

  test.each(["at+jwt", "dpop+jwt", "logout+jwt", "application/at+jwt", "", "JWT "])(
    "the type %j, though the key is ours",
    async (typ) => {
      const { codeFor, signer } = await startVerifying();
      expect(await codeFor(await signer.sign(botClaims, { typ }))).toBe("ERR_ASSERTION_CLAIMS");
    },
  );

  test.each(["JWT", "jwt", "application/jwt", undefined])("not the type %j", async (typ) => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign(botClaims, { typ }))).toBe("accepted");
  });
});

describe("garbage", () => {
  test.each(["", "x", "a.b.c", "eyJhbGciOiJSUzI1NiJ9..", "x".repeat(20_000), " ", "a.b.c.d.e", ".".repeat(16_000)])(
    "%#",
    async (jwt) => {
      const { codeFor, server } = await startVerifying();
      expect(await codeFor(jwt)).toMatch(/^ERR_ASSERTION_(?:MISSING|MALFORMED)/);
      expect(server.fetches).toBe(0);
    },
  );

  test("a good JWT that is too long to be one", async () => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign({ ...botClaims, custom: "x".repeat(11_000) }))).toBe("accepted");
    expect(await codeFor(await signer.sign({ ...botClaims, custom: "x".repeat(13_000) }))).toBe(
      "ERR_ASSERTION_MALFORMED",
    );
  });

  test("two good JWTs in one header, as `Headers` joins them", async () => {
    const { codeFor, signer } = await startVerifying();
    const jwt = await signer.sign(botClaims);
    expect(await codeFor(`${jwt}, ${jwt}`)).toBe("ERR_ASSERTION_MALFORMED");
  });

  test("whatever is given is refused with a code, and nothing else is thrown", async () => {
    const verifier = (await startVerifying()).verifier();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.anything()), (jwt) => isRefused(verifier, jwt)),
      { numRuns: 300 },
    );
  });

  test("whatever header and claims nobody signed are refused with a code", async () => {
    const verifier = (await startVerifying()).verifier();
    const header = fc.oneof(
      fc.jsonValue(),
      fc.record({ alg: fc.constantFrom("RS256", "none", "HS256"), kid: fc.jsonValue(), crit: fc.jsonValue() }),
    );
    const claims = fc.oneof(fc.jsonValue(), fc.constant(botClaims));
    await fc.assert(
      fc.asyncProperty(header, claims, (...parts) => isRefused(verifier, unsigned(...parts))),
      { numRuns: 300 },
    );
  });

  test("whatever claims are signed, nobody passes as somebody else", async () => {
    const { signer, verifier } = await startVerifying();
    const subject = verifier();
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom("", "app", CLIENT_ID, botClaims.iss, botClaims.exp));
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(botClaims), "email", "nbf", "custom", "name"), odd);
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const jwt = await signer.sign({ ...botClaims, ...changed });
        const seen = await subject.verify(jwt).catch((error: unknown) => error);
        if (seen instanceof AccessVerifyError) return;
        expect(seen).toMatchObject({ kind: "service", clientId: changed["common_name"] ?? CLIENT_ID });
      }),
      { numRuns: 200 },
    );
  });

  test("a good JWT with any change to its text", async () => {
    const { signer, verifier } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(botClaims);
    expect(await codeOf(subject.verify(jwt))).toBe("accepted");
    const edit = fc.record({ at: fc.nat(jwt.length), drop: fc.nat(2), put: fc.string({ maxLength: 2 }) });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, drop, put }) => {
        const changed = jwt.slice(0, at) + put + jwt.slice(at + drop);
        fc.pre(!isSame(changed, jwt));
        await isRefused(subject, changed);
      }),
      { numRuns: 300 },
    );
  });
});

async function isRefused(verifier: Verifier, jwt: unknown): Promise<void> {
  const verified = verifier.verify(jwt as string);
  await expect(verified).rejects.toBeInstanceOf(AccessVerifyError);
}

/** The last character of a signature has bits that mean nothing, and base64 has two alphabets: the same signature. */
function isSame(changed: string, jwt: string): boolean {
  const split = (text: string) =>
    [text.slice(0, text.lastIndexOf(".")), text.slice(text.lastIndexOf(".") + 1)] as const;
  const [[input, signature], [goodInput, goodSignature]] = [split(changed), split(jwt)];
  return input === goodInput && Buffer.from(signature, "base64").equals(Buffer.from(goodSignature, "base64"));
}
