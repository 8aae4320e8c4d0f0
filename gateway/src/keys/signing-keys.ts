import { createHash } from "node:crypto";
import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
} from "jose";
import { GatewayError } from "../errors.ts";
import type { ChangeFeed } from "../store/change-feed.ts";
import { recordChange } from "../store/change-feed.ts";
import type { SigningKeyRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { SecretBox } from "./secret-box.ts";

export interface SigningKeys {
  /** The newest key: it signs. */
  current(): { readonly kid: string; readonly privateKey: CryptoKey };
  /** Any key that was published; only these verify, so an unknown kid costs no fetch and no read. */
  publicKey(kid: string): CryptoKey | undefined;
  /** The public halves, as `/cdn-cgi/access/certs` answers. */
  jwks(): { readonly keys: readonly JWK[] };
  /** Grows whenever the set changes: verifications made under another set do not count. */
  version(): number;
}

export interface SigningKeysDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly now: () => number;
}

interface LoadedKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export const SIGNING_ALGORITHM = "RS256";
const MODULUS_BITS = 2048;
const sealingPurpose = (kid: string) => `signing key ${kid}`;

/**
 * Loads the signing keys, and makes the first one on a new store.
 *
 * @throws {GatewayError} `ERR_SECRET_KEY_MISMATCH`
 */
export async function openSigningKeys(deps: SigningKeysDeps): Promise<SigningKeys> {
  let keys = await loadKeys(deps);
  if (keys.length === 0) {
    await addKey(deps);
    keys = await loadKeys(deps);
  }
  let byKid = new Map(keys.map((key) => [key.kid, key]));
  let version = 1;
  deps.feed.subscribe("signing_key", async () => {
    byKid = new Map((await loadKeys(deps)).map((key) => [key.kid, key]));
    version += 1;
  });
  return {
    current: () => newest(byKid),
    publicKey: (kid) => byKid.get(kid)?.publicKey,
    jwks: () => ({ keys: [...byKid.values()].map((key) => key.jwk) }),
    version: () => version,
  };
}

function newest(byKid: ReadonlyMap<string, LoadedKey>): LoadedKey {
  const [first] = byKid.values();
  if (first === undefined) throw new Error("unreachable: the store always holds a signing key");
  return first;
}

async function loadKeys({ store, box }: SigningKeysDeps): Promise<readonly LoadedKey[]> {
  const rows = await store
    .selectFrom("signing_keys")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("kid")
    .execute();
  return Promise.all(rows.map((row) => unsealKey(row, box)));
}

async function unsealKey(row: SigningKeyRow, box: SecretBox): Promise<LoadedKey> {
  const pkcs8 = box.open(sealingPurpose(row.kid), row.sealed_private_key);
  if (pkcs8 === undefined) {
    const message =
      "The signing keys in the database were encrypted with another GATEWAY_SECRET_KEY. Set the key they were made with, or start with a new database.";
    throw new GatewayError("ERR_SECRET_KEY_MISMATCH", message);
  }
  const jwk = JSON.parse(row.public_jwk) as JWK;
  const publicKey = (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey;
  return { kid: row.kid, privateKey: await importPKCS8(pkcs8, SIGNING_ALGORITHM), publicKey, jwk };
}

async function addKey({ store, box, now }: SigningKeysDeps): Promise<void> {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const { n = "", e = "" } = await exportJWK(pair.publicKey);
  const thumbprint = await calculateJwkThumbprint({ kty: "RSA", n, e });
  // Access's key ids are 64 hex digits; the thumbprint (RFC 7638) of the key makes ours unique.
  const kid = createHash("sha256").update(thumbprint).digest("hex");
  const jwk: JWK = { kid, kty: "RSA", alg: SIGNING_ALGORITHM, use: "sig", e, n };
  const sealed = box.seal(sealingPurpose(kid), await exportPKCS8(pair.privateKey));
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "signing_key", kid, now());
    const created_at = new Date(now()).toISOString();
    const dates = { created_at, signs_from: created_at, expires_at: null };
    const row = { kid, public_jwk: JSON.stringify(jwk), sealed_private_key: sealed, certificate: "", ...dates };
    await transaction.insertInto("signing_keys").values(row).execute();
  });
}
