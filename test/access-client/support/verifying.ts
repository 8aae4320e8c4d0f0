import { createVerifier, type VerifierOptions } from "@gatehouse/access-client/verify";
import { onTestFinished } from "vitest";
import { type KeyServer, startKeyServer } from "./key-server.ts";
import { createSigner, type Signer } from "./signer.ts";

export const ISSUER = "https://team.example.com";
export const AUDIENCE = "f".repeat(64);
export const CLIENT_ID = `${"1".repeat(32)}.access`;
export const NOW_SECONDS = 1_795_000_000;

/** A bot's claims, in force at `NOW_SECONDS`. */
export const botClaims = {
  type: "app",
  iss: ISSUER,
  aud: [AUDIENCE],
  iat: NOW_SECONDS - 10,
  exp: NOW_SECONDS + 60,
  sub: "",
  common_name: CLIENT_ID,
};
const { common_name: _, ...commonClaims } = botClaims;
export const personClaims = { ...commonClaims, sub: "7d1b", email: "ada@example.com", nbf: NOW_SECONDS - 10 };
/** A bot's claims that outlive any moved clock of these tests. */
export const lastingClaims = { ...botClaims, exp: NOW_SECONDS + 365 * 86_400 };

export interface Verifying {
  readonly signer: Signer;
  readonly server: KeyServer;
  readonly clock: { nowMs: number };
  verifier(options?: Partial<VerifierOptions>): ReturnType<typeof createVerifier>;
  /** Verifies with a new verifier: the refusal's code, or `accepted`. */
  codeFor(jwt: string, options?: Partial<VerifierOptions>): Promise<unknown>;
}

let firstSigner: Promise<Signer> | undefined;

/** A key server with one key, and verifiers of the JWTs signed with it. No tolerance for clocks. */
export async function startVerifying(): Promise<Verifying> {
  firstSigner ??= createSigner();
  const signer = await firstSigner;
  const server = await startKeyServer([signer.jwk]);
  onTestFinished(() => server.close());
  const clock = { nowMs: NOW_SECONDS * 1_000 };
  const base = { issuer: ISSUER, audience: AUDIENCE, jwksUrl: server.url, clockSkewSeconds: 0 };
  const verifier = (options: Partial<VerifierOptions> = {}) =>
    createVerifier({ ...base, now: () => clock.nowMs, ...options });
  return {
    signer,
    server,
    clock,
    verifier,
    codeFor: (jwt, options) => codeOf(verifier(options).verify(jwt)),
  };
}

/** The code that a promise is refused with, or `accepted`. An error without a code is thrown on. */
export async function codeOf(verified: Promise<unknown>): Promise<unknown> {
  try {
    await verified;
    return "accepted";
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return error.code;
  }
}

/** A JWT that nobody signed. */
export function unsigned(header: unknown, claims: unknown = botClaims, signature = "c2lnbmF0dXJl"): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode(header)}.${encode(claims)}.${signature}`;
}
