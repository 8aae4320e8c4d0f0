import type { SigningKey } from "./signing-key.ts";

/** What the keys mean at one moment. */
export interface KeySet {
  readonly signer: SigningKey;
  /** All that verify: past, present, and published for the future. */
  readonly byKid: ReadonlyMap<string, SigningKey>;
  /** Body of `/cdn-cgi/access/certs`. */
  readonly certs: string;
  /** When it means something else: a key begins to sign, or ends. */
  readonly changesAtMs: number;
}

/**
 * The key that signs is the one that began last; the clock may lie before all beginnings, then the earliest does. Only a key
 * without an end can be the newest, so there is always one to sign.
 */
export function keySetAt(keys: readonly SigningKey[], nowMs: number): KeySet {
  const live = keys.filter(({ expiresAtMs }) => expiresAtMs === null || nowMs < expiresAtMs);
  const byBeginning = live.toSorted((a, b) => a.signsFromMs - b.signsFromMs || (a.kid < b.kid ? -1 : 1));
  const signer = byBeginning.findLast(({ signsFromMs }) => signsFromMs <= nowMs) ?? byBeginning[0];
  if (signer === undefined) throw new Error("unreachable: the store always holds a signing key");
  const moments = live.flatMap(({ signsFromMs, expiresAtMs }) => [
    signsFromMs,
    expiresAtMs ?? Number.POSITIVE_INFINITY,
  ]);
  return {
    signer,
    byKid: new Map(byBeginning.map((key) => [key.kid, key])),
    certs: certsBody(signer, byBeginning.toReversed()),
    changesAtMs: Math.min(...moments.filter((ms) => ms > nowMs)),
  };
}

/** As Access answers: `public_cert` is the signing key's, the order of the others means nothing. */
function certsBody(signer: SigningKey, keys: readonly SigningKey[]): string {
  const certificateOf = ({ kid, certificate }: SigningKey) => ({ kid, cert: certificate });
  const body = {
    keys: keys.map(({ jwk }) => jwk),
    public_cert: certificateOf(signer),
    public_certs: keys.map(certificateOf),
  };
  return `${JSON.stringify(body)}\n`;
}
