import { LRUCache } from "lru-cache";
import { signAppToken } from "../keys/app-token.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Application } from "../policies/model.ts";
import type { Subject } from "../request/authorize.ts";

/** A JWT for one application, with its end. */
export interface Pass {
  readonly jwt: string;
  readonly expSeconds: number;
}

type Bot = Extract<Subject, { kind: "service_token" }>;

export interface MintedTokensDeps {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly now: () => number;
  /** Told for each JWT that was signed. */
  readonly onMinted?: () => void;
}

interface Minted {
  readonly pass: Promise<Pass>;
  readonly reusableUntilMs: number;
}

const MAX_ENTRIES = 10_000;
/** A pair sent with every request gets the same JWT for this long at most: signing costs a hundred times a look-up. */
const MAX_REUSE_MS = 5 * 60_000;
/** The JWT handed out has at least three quarters of its life before it. */
const REUSED_PART_OF_LIFE = 1 / 4;

/** Gives a bot its JWT for an application, signing once for many requests, at once or one after the other. */
export function createMintedTokens(deps: MintedTokensDeps): (bot: Bot, application: Application) => Promise<Pass> {
  const minted = new LRUCache<string, Minted>({ max: MAX_ENTRIES });
  return async (bot, application) => {
    const nowMs = deps.now();
    const key = `${bot.tokenId} ${bot.secretVersion} ${bot.expiresAtMs} ${application.aud} ${deps.keys.version()}`;
    const known = minted.get(key);
    if (known !== undefined && nowMs < known.reusableUntilMs) return known.pass;
    const endMs = Math.min(nowMs + application.sessionDurationMs, bot.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const pass = mint(deps, bot, application, nowMs, endMs);
    const reusableMs = Math.min(MAX_REUSE_MS, (endMs - nowMs) * REUSED_PART_OF_LIFE);
    minted.set(key, { pass, reusableUntilMs: nowMs + reusableMs });
    deps.onMinted?.();
    pass.catch(() => minted.delete(key));
    return pass;
  };
}

async function mint(
  { keys, issuer }: MintedTokensDeps,
  bot: Bot,
  application: Application,
  nowMs: number,
  endMs: number,
): Promise<Pass> {
  const expSeconds = Math.floor(endMs / 1000);
  const jwt = await signAppToken(keys, {
    type: "app",
    iss: issuer,
    aud: [application.aud],
    iat: Math.floor(nowMs / 1000),
    exp: expSeconds,
    sub: "",
    common_name: bot.clientId,
    client_secret_version: bot.secretVersion,
  });
  return { jwt, expSeconds };
}
