import { type CryptoKey, importJWK, type JWK } from "jose";

/** Public keys by their id. */
export type Keys = ReadonlyMap<string, CryptoKey>;

/** RFC 7518, 3.3. */
const MIN_MODULUS_BITS = 2_048;

/**
 * The keys of a key set (RFC 7517) that an Access gateway may have signed with: RSA, for RS256 signatures, with an id.
 * Others, and those that cannot be read, are left out (section 5); order means nothing.
 *
 * @throws {TypeError | SyntaxError} when none is left
 */
export async function readKeys(text: string): Promise<Keys> {
  const parsed = JSON.parse(text) as { keys?: unknown } | null;
  if (!Array.isArray(parsed?.keys)) throw new TypeError('no array "keys"');
  const keys = new Map<string, CryptoKey>();
  for (const jwk of parsed.keys as readonly (JWK | null)[]) {
    const key = jwk === null ? undefined : await readKey(jwk);
    if (key !== undefined && typeof jwk?.kid === "string") keys.set(jwk.kid, key);
  }
  if (keys.size === 0) throw new TypeError('no RSA key for RS256 in "keys"');
  return keys;
}

async function readKey({ kty, use, alg, key_ops: uses, n, e }: JWK): Promise<CryptoKey | undefined> {
  const isOurs = (use ?? "sig") === "sig" && (alg ?? "RS256") === "RS256" && (uses?.includes?.("verify") ?? true);
  if (kty !== "RSA" || !isOurs || !n || !e) return undefined;
  try {
    // Nothing but the public numbers: a key set that leaks private ones must not turn verifying into an error.
    const key = (await importJWK({ kty, n, e }, "RS256")) as CryptoKey;
    const { modulusLength = 0 } = key.algorithm as { modulusLength?: number };
    return modulusLength >= MIN_MODULUS_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}
