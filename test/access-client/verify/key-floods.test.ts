import fc from "fast-check";
import { expect, test } from "vitest";
import type { Signer } from "../support/signer.ts";
import { codeOf, lastingClaims, startVerifying, unsigned } from "../support/verifying.ts";

const DAY_MS = 86_400_000;

type Step =
  | { readonly kind: "flood"; readonly jwts: readonly string[] }
  | { readonly kind: "bot" }
  | { readonly kind: "clock"; readonly byMs: number }
  | { readonly kind: "keys"; readonly answer: "good" | "status" | "throws" };

const strangers: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.uuid().map((kid) => unsigned({ alg: "RS256", kid }, lastingClaims)),
  fc.webUrl().map((iss) => unsigned({ alg: "RS256", kid: "k" }, { ...lastingClaims, iss })),
  fc.jsonValue().map((kid) => unsigned({ alg: "RS256", kid }, lastingClaims)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("flood" as const), jwts: fc.array(strangers, { minLength: 1, maxLength: 12 }) }),
  fc.constant({ kind: "bot" as const }),
  fc.record({
    kind: fc.constant("clock" as const),
    byMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 2 * DAY_MS })),
  }),
  fc.record({ kind: fc.constant("keys" as const), answer: fc.constantFrom("good", "status", "throws") }),
);

test("whatever strangers send, and however the fetch fails: once there are keys, one fetch in 30 s, one at a time", async () => {
  const { verifier, signer, clock } = await startVerifying();
  const bot = await signer.sign({ ...lastingClaims, exp: lastingClaims.exp * 2 });
  const startMs = clock.nowMs;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      clock.nowMs = startMs;
      const keyServer = createKeyFetch(signer, () => clock.nowMs);
      const subject = verifier({ fetch: keyServer.fetch });
      await subject.verify(bot);
      for (const one of steps) {
        await keyServer.answered;
        if (one.kind === "clock") clock.nowMs += one.byMs;
        if (one.kind === "keys") keyServer.answer = one.answer;
        if (one.kind === "flood") {
          const codes = await Promise.all(one.jwts.map((jwt) => codeOf(subject.verify(jwt))));
          expect(codes).not.toContain("accepted");
        }
        if (one.kind === "bot" && clock.nowMs - keyServer.lastGoodMs < DAY_MS) {
          expect(await codeOf(subject.verify(bot))).toBe("accepted");
        }
      }
      expect(keyServer.mostAtOnce).toBe(1);
      for (const gapMs of keyServer.gapsMs) expect(gapMs).toBeGreaterThanOrEqual(30_000);
    }),
    { numRuns: 200 },
  );
});

test("ten thousand strangers at once, before there are any keys, cause one fetch", async () => {
  const { verifier, signer, clock } = await startVerifying();
  const keyServer = createKeyFetch(signer, () => clock.nowMs);
  const subject = verifier({ fetch: keyServer.fetch });
  const codes = await Promise.all(
    Array.from({ length: 10_000 }, (_, kid) => {
      return codeOf(subject.verify(unsigned({ alg: "RS256", kid: `${kid}` }, lastingClaims)));
    }),
  );
  expect(new Set(codes)).toEqual(new Set(["ERR_ASSERTION_UNKNOWN_KEY"]));
  expect(keyServer.gapsMs).toEqual([]);
  expect(keyServer.mostAtOnce).toBe(1);
});

test("strangers who keep the key server busy keep no bot waiting", async () => {
  const { verifier, signer, clock } = await startVerifying();
  let isHanging = false;
  const keyServer = createKeyFetch(signer, () => clock.nowMs);
  const subject = verifier({ fetch: () => (isHanging ? new Promise(() => undefined) : keyServer.fetch()) });
  const jwt = await signer.sign(lastingClaims);
  await subject.verify(jwt);
  isHanging = true;
  clock.nowMs += 30_000;
  void subject.verify(unsigned({ alg: "RS256", kid: "unknown" }, lastingClaims));
  expect(await codeOf(subject.verify(jwt))).toBe("accepted");
});

/** A key server without a socket, for thousands of turns: it notes when it was asked. */
function createKeyFetch({ jwk }: Signer, now: () => number) {
  const body = JSON.stringify({ keys: [jwk] });
  let atOnce = 0;
  let lastMs: number | undefined;
  const state = {
    answer: "good" as "good" | "status" | "throws",
    mostAtOnce: 0,
    lastGoodMs: 0,
    gapsMs: [] as number[],
    /** Ends with the fetch at hand: the clock moves only between fetches. */
    answered: Promise.resolve() as Promise<unknown>,
    async fetch(): Promise<Response> {
      if (lastMs !== undefined) state.gapsMs.push(now() - lastMs);
      lastMs = now();
      atOnce += 1;
      state.mostAtOnce = Math.max(state.mostAtOnce, atOnce);
      state.answered = new Promise((resolve) => setImmediate(resolve));
      await state.answered;
      atOnce -= 1;
      if (state.answer === "throws") throw new TypeError("fetch failed");
      if (state.answer === "status") return new Response("", { status: 503 });
      state.lastGoodMs = now();
      return new Response(body);
    },
  };
  return state;
}
