import { LRUCache } from "lru-cache";
import { signAppToken } from "../keys/app-token.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Application } from "../policies/model.ts";
import type { Subject } from "../request/authorize.ts";
import type { Revocations } from "../revocations/revocations.ts";

/** A JWT for one application, with its end. */
export interface Pass {
  readonly jwt: string;
  readonly expSeconds: number;
}

type Bot = Extract<Subject, { kind: "service_token" }>;

export interface MintedTokensDeps {
  readonly keys: SigningKeys;
  readonly revocations: Pick<Revocations, "notBeforeSeconds">;
  readonly issuer: string;
  readonly now: () => number;
  /** Told for each JWT that was signed. */
  readonly onMinted?: () => void;
}

interface Minted {
  readonly signing: Promise<Pass>;
  /** Once it is signed. */
  pass: Pass | undefined;
  readonly reusableUntilMs: number;
}

const MAX_ENTRIES = 10_000;
/** A pair sent with every request gets the same JWT for this long at most: signing costs a hundred times a look-up. */
const MAX_REUSE_MS = 5 * 60_000;
/** The JWT handed out has at least three quarters of its life before it. */
const REUSED_PART_OF_LIFE = 1 / 4;

/**
 * Gives a bot its JWT for an application, signing once for many requests, at once or one after the other.
 *
 * @param sessionDurationMs How long the JWT lives, unless the token itself ends before.
 * @returns A promise only while it is being signed.
 */
export type MintPass = (bot: Bot, application: Application, sessionDurationMs: number) => Pass | Promise<Pass>;

export function createMintedTokens(deps: MintedTokensDeps): MintPass {
  const { keys, revocations, now, onMinted } = deps;
  const minted = new LRUCache<string, Minted>({ max: MAX_ENTRIES });
  return (bot, application, sessionDurationMs) => {
    const nowMs = now();
    const { aud } = application;
    const notBefore = revocations.notBeforeSeconds(aud);
    const key = `${bot.tokenId} ${bot.secretVersion} ${bot.expiresAtMs} ${aud} ${sessionDurationMs} ${notBefore} ${keys.version()}`;
    const known = minted.get(key);
    if (known !== undefined && nowMs < known.reusableUntilMs) return known.pass ?? known.signing;
    const iat = Math.max(Math.floor(nowMs / 1000), notBefore);
    const endMs = Math.min(nowMs + sessionDurationMs, bot.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const reusableMs = Math.min(MAX_REUSE_MS, (endMs - nowMs) * REUSED_PART_OF_LIFE);
    const signing = mint(deps, bot, { aud, iat, exp: Math.floor(endMs / 1000) });
    const entry: Minted = { signing, pass: undefined, reusableUntilMs: nowMs + reusableMs };
    minted.set(key, entry);
    onMinted?.();
    signing.then(
      (pass) => {
        entry.pass = pass;
      },
      () => minted.delete(key),
    );
    return signing;
  };
}

async function mint(
  { keys, issuer }: MintedTokensDeps,
  bot: Bot,
  { aud, iat, exp }: { readonly aud: string; readonly iat: number; readonly exp: number },
): Promise<Pass> {
  const jwt = await signAppToken(keys, {
    type: "app",
    iss: issuer,
    aud: [aud],
    iat,
    exp,
    sub: "",
    common_name: bot.clientId,
    client_secret_version: bot.secretVersion,
  });
  return { jwt, expSeconds: exp };
}
