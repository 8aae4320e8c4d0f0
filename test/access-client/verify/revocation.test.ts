import type { Subject } from "@gatehouse/access-client/verify";
import { describe, expect, test, vi } from "vitest";
import { AUDIENCE, botClaims, CLIENT_ID, personClaims, startVerifying } from "../support/verifying.ts";

describe("isRevoked", () => {
  test.each([
    ["true", () => true, "ERR_ASSERTION_REVOKED"],
    ["a promise of true", async () => true, "ERR_ASSERTION_REVOKED"],
    ["false", () => false, "accepted"],
    ["a promise of false", async () => false, "accepted"],
  ])("that gives %s", async (_, isRevoked, code) => {
    const { codeFor, signer } = await startVerifying();
    expect(await codeFor(await signer.sign(botClaims), { isRevoked })).toBe(code);
  });

  test("is asked about the verified subject: a bot's client id, a person's address, and all claims", async () => {
    const { verifier, signer } = await startVerifying();
    const asked: Subject[] = [];
    const subject = verifier({ isRevoked: (one) => asked.push(one) === 0 });
    await subject.verify(await signer.sign(botClaims));
    await subject.verify(await signer.sign(personClaims));
    expect(asked).toMatchObject([
      { kind: "service", clientId: CLIENT_ID, claims: { iat: botClaims.iat, aud: [AUDIENCE] } },
      { kind: "person", email: "ada@example.com" },
    ]);
  });

  test("is not asked about what is refused anyway", async () => {
    const { codeFor, signer } = await startVerifying();
    const isRevoked = vi.fn(() => false);
    await codeFor(await signer.sign({ ...botClaims, exp: 1 }), { isRevoked });
    await codeFor(await signer.sign({ ...botClaims, type: "org" }), { isRevoked });
    expect(isRevoked).not.toHaveBeenCalled();
  });

  test.each([
    ["throws", () => fail(new RangeError("the list is away"))],
    ["throws nothing to speak of", () => fail(undefined)],
    ["rejects", () => Promise.reject(new RangeError("the list is away"))],
    ["forgets its answer", () => undefined],
    ["gives a promise of nothing", async () => undefined],
    ["gives a text", () => "false"],
    ["gives null", () => null],
    ["gives 0", () => 0],
  ])("that %s lets nobody pass", async (_, isRevoked) => {
    const { codeFor, signer } = await startVerifying();
    const options = { isRevoked: isRevoked as unknown as () => boolean };
    expect(await codeFor(await signer.sign(botClaims), options)).toBe("ERR_ASSERTION_REVOCATION_UNKNOWN");
  });

  test("that throws is the cause of the refusal", async () => {
    const { verifier, signer } = await startVerifying();
    const isRevoked = () => fail(new RangeError("the list is away"));
    const verified = verifier({ isRevoked }).verify(await signer.sign(botClaims));
    await expect(verified).rejects.toMatchObject({ cause: new RangeError("the list is away") });
  });

  test("is asked again each time: the next request of a revoked bot is refused", async () => {
    const { verifier, signer } = await startVerifying();
    const revoked = new Set<string>();
    const subject = verifier({ isRevoked: (one) => one.kind === "service" && revoked.has(one.clientId) });
    const jwt = await signer.sign(botClaims);
    await subject.verify(jwt);
    revoked.add(CLIENT_ID);
    await expect(subject.verify(jwt)).rejects.toMatchObject({ code: "ERR_ASSERTION_REVOKED" });
  });
});

function fail(thrown: unknown): never {
  throw thrown;
}
