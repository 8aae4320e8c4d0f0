import { createVerifier } from "@gatehouse/access-client/verify";
import { describe, expect, onTestFinished, test } from "vitest";
import { startKeyServer } from "../support/key-server.ts";
import { createSigner } from "../support/signer.ts";
import { botClaims, codeOf, NOW_SECONDS, unsigned } from "../support/verifying.ts";

const KID = "a".repeat(64);
const [OLD, NEW] = ["https://old.example.com", "https://new.example.com"];
const [OLD_AUDIENCE, NEW_AUDIENCE] = ["1".repeat(64), "2".repeat(64)];

/** Two gateways, each with its own key under the same id, and an app that trusts both. */
async function startTwo() {
  const gateways = await Promise.all(
    [OLD, NEW].map(async (issuer) => {
      const signer = await createSigner(KID);
      const server = await startKeyServer([signer.jwk]);
      onTestFinished(() => server.close());
      return { issuer, signer, server };
    }),
  );
  const [old, next] = gateways as [(typeof gateways)[0], (typeof gateways)[0]];
  const verifier = createVerifier({
    issuers: [
      { issuer: OLD, audience: OLD_AUDIENCE, jwksUrl: old.server.url },
      { issuer: NEW, audience: [NEW_AUDIENCE], jwksUrl: next.server.url },
    ],
    now: () => NOW_SECONDS * 1_000,
  });
  return { old, next, codeFor: (jwt: string) => codeOf(verifier.verify(jwt)), verifier };
}

const oldClaims = { ...botClaims, iss: OLD, aud: [OLD_AUDIENCE] };
const newClaims = { ...botClaims, iss: NEW, aud: [NEW_AUDIENCE] };

describe("several issuers", () => {
  test("each has its own keys and audiences, and the claims say which it was", async () => {
    const { old, next, verifier } = await startTwo();
    expect((await verifier.verify(await old.signer.sign(oldClaims))).claims.iss).toBe(OLD);
    expect((await verifier.verify(await next.signer.sign(newClaims))).claims.iss).toBe(NEW);
  });

  test("the key of one signs nothing for another, even under the same key id", async () => {
    const { old, next, codeFor } = await startTwo();
    expect(await codeFor(await old.signer.sign(newClaims))).toBe("ERR_ASSERTION_SIGNATURE");
    expect(await codeFor(await next.signer.sign(oldClaims))).toBe("ERR_ASSERTION_SIGNATURE");
  });

  test("the audience of one is none of another's", async () => {
    const { old, codeFor } = await startTwo();
    expect(await codeFor(await old.signer.sign({ ...oldClaims, aud: [NEW_AUDIENCE] }))).toBe("ERR_ASSERTION_AUDIENCE");
  });

  test("keys are fetched from the one that the JWT names alone, and not at all for a stranger", async () => {
    const { old, next, codeFor } = await startTwo();
    for (const iss of ["https://evil.example.com", `${OLD}/`, "__proto__", "", null, 1, {}, [OLD], `${OLD},${NEW}`]) {
      const header = { alg: "RS256", kid: KID };
      expect(await codeFor(unsigned(header, { ...oldClaims, iss })), String(iss)).toBe("ERR_ASSERTION_ISSUER");
    }
    expect([old.server.fetches, next.server.fetches]).toEqual([0, 0]);
    await codeFor(await next.signer.sign(newClaims));
    expect([old.server.fetches, next.server.fetches]).toEqual([0, 1]);
  });

  test("one that is down does not touch the other", async () => {
    const { old, next, codeFor } = await startTwo();
    old.server.answer = { status: 503, body: "" };
    expect(await codeFor(await old.signer.sign(oldClaims))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    expect(await codeFor(await next.signer.sign(newClaims))).toBe("accepted");
  });

  test("the same issuer twice is a TypeError: its audiences belong together", () => {
    const issuers = [
      { issuer: OLD, audience: OLD_AUDIENCE },
      { issuer: OLD, audience: NEW_AUDIENCE },
    ];
    expect(() => createVerifier({ issuers })).toThrow(TypeError);
  });
});
