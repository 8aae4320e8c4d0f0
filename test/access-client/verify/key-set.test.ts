import { describe, expect, test } from "vitest";
import { until } from "../support/harness.ts";
import { createSigner } from "../support/signer.ts";
import { botClaims, CLIENT_ID, codeOf, lastingClaims, startVerifying } from "../support/verifying.ts";

const MINUTE_MS = 60_000;

describe("the key set", () => {
  test("is fetched once for many tokens, and again after ten minutes", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(lastingClaims);
    await Promise.all(Array.from({ length: 50 }, () => subject.verify(jwt)));
    expect(server.fetches).toBe(1);
    clock.nowMs += 10 * MINUTE_MS;
    await Promise.all(Array.from({ length: 50 }, () => subject.verify(jwt)));
    expect(server.fetches).toBe(2);
  });

  test("an unknown key id causes a fetch at most every 30 seconds, and finds a rotated key", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    await subject.verify(await signer.sign(botClaims));
    const next = await createSigner("b".repeat(64));
    const jwt = await next.sign(lastingClaims);
    for (let round = 0; round < 20; round += 1) {
      expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_UNKNOWN_KEY");
    }
    expect(server.fetches).toBe(1);
    server.keys = [signer.jwk, next.jwk];
    clock.nowMs += 30_000;
    await expect(subject.verify(jwt)).resolves.toMatchObject({ clientId: CLIENT_ID });
    expect(server.fetches).toBe(2);
  });

  test("a key server that was down at first is asked again after 1, 2, 4, 8, 16 and then every 30 seconds", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(lastingClaims);
    server.answer = { status: 503, body: "" };
    const waitsSeconds: number[] = [];
    for (let second = 0, last = 0; second < 100; second += 1, clock.nowMs += 1_000) {
      const before = server.fetches;
      expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
      if (server.fetches === before) continue;
      waitsSeconds.push(second - last);
      last = second;
    }
    expect(waitsSeconds).toEqual([0, 1, 2, 4, 8, 16, 30, 30]);
    server.answer = undefined;
    clock.nowMs += 30_000;
    expect(await codeOf(subject.verify(jwt))).toBe("accepted");
  });

  test("a withdrawn key stops being trusted within ten minutes, even on an idle app", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(lastingClaims);
    await subject.verify(jwt);
    server.keys = [(await createSigner("c".repeat(64))).jwk];
    clock.nowMs += 10 * MINUTE_MS;
    expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_UNKNOWN_KEY");
  });

  test("a clock that is set back by hours neither keeps old keys nor stops the fetches", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(lastingClaims);
    await subject.verify(jwt);
    server.keys = [(await createSigner("c".repeat(64))).jwk];
    clock.nowMs -= 180 * MINUTE_MS;
    expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_UNKNOWN_KEY");
    expect(server.fetches).toBe(2);
  });

  test("the last good keys serve while the key server fails, for a day, and it is not hammered", async () => {
    const { verifier, signer, server, clock } = await startVerifying();
    const subject = verifier();
    const jwt = await signer.sign(lastingClaims);
    await subject.verify(jwt);
    server.answer = { status: 500, body: "" };
    clock.nowMs += 10 * MINUTE_MS;
    await subject.verify(jwt);
    await subject.verify(jwt);
    expect(server.fetches).toBe(2);
    clock.nowMs += 1_440 * MINUTE_MS;
    expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    expect(server.fetches).toBe(3);
    clock.nowMs += 29_999;
    expect(await codeOf(subject.verify(jwt))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    expect(server.fetches).toBe(3);
  });

  test("a key server that hangs is waited for once, and by nobody who can be served without", async () => {
    const { verifier, signer, clock } = await startVerifying();
    const hung: AbortSignal[] = [];
    let isHanging = false;
    const subject = verifier({
      fetch: (url, init) => {
        if (!isHanging) return fetch(url, init);
        hung.push(init.signal);
        return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(new Error("late"))));
      },
    });
    const jwt = await signer.sign(lastingClaims);
    await subject.verify(jwt);
    isHanging = true;
    clock.nowMs += 10 * MINUTE_MS;
    const first = subject.verify(jwt);
    await until(() => hung.length === 1);
    hung[0]?.dispatchEvent(new Event("abort"));
    expect(await codeOf(first)).toBe("accepted");
    clock.nowMs += 30_000;
    expect(await codeOf(subject.verify(jwt))).toBe("accepted");
    expect(hung.map((signal) => signal.aborted)).toEqual([false, false]);
  });

  test("a fetch that never ends, as one that a Worker cancels, is given up after 30 seconds", async () => {
    const { verifier, signer, clock } = await startVerifying();
    let fetches = 0;
    const subject = verifier({
      fetch: (url, init) => {
        fetches += 1;
        return fetches === 1 ? new Promise(() => undefined) : fetch(url, init);
      },
    });
    const jwt = await signer.sign(lastingClaims);
    void subject.verify(jwt);
    clock.nowMs += 29_999;
    void subject.verify(jwt);
    expect(fetches).toBe(1);
    clock.nowMs += 1;
    expect(await codeOf(subject.verify(jwt))).toBe("accepted");
  });
});

describe("what comes in place of a key set", () => {
  test.each([
    ["a failure", { status: 503, body: "" }],
    ["a redirect", { status: 302, body: "", location: "/elsewhere" }],
    ["HTML", { status: 200, body: "<html>" }],
    ["no keys", { status: 200, body: '{"keys":[]}' }],
    ["null", { status: 200, body: "null" }],
    ["keys that are none", { status: 200, body: '{"keys":[null,1,"x",[],{}]}' }],
    ["only a symmetric key", { status: 200, body: '{"keys":[{"kty":"oct","k":"AAAA","kid":"x"}]}' }],
  ])("%s is unavailable keys, not a bad token", async (_, answer) => {
    const { codeFor, signer, server } = await startVerifying();
    server.answer = answer;
    expect(await codeFor(await signer.sign(botClaims))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    expect(server.fetches).toBe(1);
  });

  test("a good key set that is too large for one is unavailable keys", async () => {
    const { codeFor, signer, server } = await startVerifying();
    const bodyOf = (bytes: number) => JSON.stringify({ keys: [signer.jwk], padding: "x".repeat(bytes) });
    server.answer = { status: 200, body: bodyOf(60_000) };
    expect(await codeFor(await signer.sign(botClaims))).toBe("accepted");
    server.answer = { status: 200, body: bodyOf(70_000) };
    expect(await codeFor(await signer.sign(botClaims))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
  });

  test("keys that cannot be ours, or cannot be read, do no harm to the one that is good", async () => {
    const { codeFor, signer, server } = await startVerifying();
    const { jwk } = signer;
    const weak =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi";
    server.keys = [
      { ...jwk, use: "enc" },
      { ...jwk, alg: "RS512" },
      { ...jwk, key_ops: ["sign"] },
      { ...jwk, n: weak },
      { ...jwk, n: "!" },
      { ...jwk, e: "" },
      { kty: "RSA", kid: signer.kid },
      { ...jwk, kid: undefined as unknown as string },
    ];
    expect(await codeFor(await signer.sign(botClaims))).toBe("ERR_ASSERTION_KEYS_UNAVAILABLE");
    server.keys = [...server.keys, { ...jwk, d: "AQAB" }, { kty: "EC", kid: signer.kid }];
    expect(await codeFor(await signer.sign(botClaims))).toBe("accepted");
  });
});
