import { LRUCache } from "lru-cache";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import { type Verification, verifyAppToken } from "./app-token.ts";
import type { SigningKeys } from "./signing-keys.ts";

export interface VerifiedTokensDeps {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly configuration: ConfigurationSource;
  readonly now: () => number;
  /** Told for each JWT whether it was known from before. */
  readonly onLookUp?: (isFromMemory: boolean) => void;
}

interface Entry {
  /** Said again as it is: nothing is made for a JWT that is known. */
  readonly verification: Extract<Verification, { ok: true }>;
  readonly audience: string;
  readonly policyVersion: string;
  readonly keysVersion: number;
}

const MAX_ENTRIES = 10_000;
/** A JWT of ours is under 1,500 bytes; longer ones are not worth a look. */
const MAX_TOKEN_LENGTH = 4_096;

/**
 * Verifies JWTs, remembering the good ones. The key is the whole token, and an entry counts only for the application,
 * policies and keys it was made under. Nothing about revocation is remembered: the caller asks for that each time.
 */
export function createVerifiedTokens(
  deps: VerifiedTokensDeps,
): (jwt: string, application: Application) => Verification | Promise<Verification> {
  const entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  return (jwt, application) => {
    if (jwt.length > MAX_TOKEN_LENGTH) return { ok: false, reason: "token_malformed" };
    const entry = entries.get(jwt);
    if (entry !== undefined && isFor(entry, application, deps)) {
      deps.onLookUp?.(true);
      const isExpired = entry.verification.claims.exp * 1000 <= deps.now();
      return isExpired ? { ok: false, reason: "token_expired" } : entry.verification;
    }
    deps.onLookUp?.(false);
    return verifyAndKeep(jwt, application, deps, entries);
  };
}

function isFor(entry: Entry, application: Application, { configuration, keys }: VerifiedTokensDeps): boolean {
  const isSameState = entry.policyVersion === configuration.current().version && entry.keysVersion === keys.version();
  return isSameState && entry.audience === application.aud;
}

async function verifyAndKeep(
  jwt: string,
  application: Application,
  { keys, issuer, configuration, now }: VerifiedTokensDeps,
  entries: LRUCache<string, Entry>,
): Promise<Verification> {
  const keysVersion = keys.version();
  const policyVersion = configuration.current().version;
  const verification = await verifyAppToken(jwt, { keys, issuer, audience: application.aud, nowMs: now() });
  if (verification.ok) {
    entries.set(jwt, { verification, audience: application.aud, policyVersion, keysVersion });
  }
  return verification;
}
