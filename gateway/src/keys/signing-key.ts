import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, type JWK } from "jose";
import { GatewayError } from "../errors.ts";
import type { SigningKeyRow } from "../store/schema.ts";
import { selfSignedCertificate } from "./certificate.ts";
import type { SecretBox } from "./secret-box.ts";

export const SIGNING_ALGORITHM = "RS256";
const MODULUS_BITS = 2048;

/** One key, ready for use. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
  /** PEM. */
  readonly certificate: string;
  readonly createdAtMs: number;
  /** Published before; signs from here on. */
  readonly signsFromMs: number;
  /** Believed until then. Null for the newest key. */
  readonly expiresAtMs: number | null;
}

const sealingPurpose = (kid: string) => `signing key ${kid}`;

/** A new key, as a row of the store. */
export async function makeSigningKey(
  box: SecretBox,
  { nowMs, signsFromMs }: { readonly nowMs: number; readonly signsFromMs: number },
): Promise<SigningKeyRow> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: MODULUS_BITS });
  const { n = "", e = "" } = pair.publicKey.export({ format: "jwk" });
  const thumbprint = await calculateJwkThumbprint({ kty: "RSA", n, e });
  // Access's key ids are 64 hex digits; the thumbprint (RFC 7638) of the key makes ours unique.
  const kid = createHash("sha256").update(thumbprint).digest("hex");
  const jwk: JWK = { kid, kty: "RSA", alg: SIGNING_ALGORITHM, use: "sig", e, n };
  return {
    kid,
    public_jwk: JSON.stringify(jwk),
    sealed_private_key: box.seal(
      sealingPurpose(kid),
      pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    ),
    certificate: certify(kid, pair.privateKey, nowMs),
    created_at: instant(nowMs),
    signs_from: instant(signsFromMs),
    expires_at: null,
  };
}

/** @throws {GatewayError} `ERR_SECRET_KEY_MISMATCH` */
export function openSigningKey(row: SigningKeyRow, box: SecretBox): SigningKey {
  const pem = box.open(sealingPurpose(row.kid), row.sealed_private_key);
  if (pem === undefined) {
    const message =
      "The signing keys in the database were encrypted with another GATEWAY_SECRET_KEY. Set the key they were made with, or start with a new database.";
    throw new GatewayError("ERR_SECRET_KEY_MISMATCH", message);
  }
  const privateKey = createPrivateKey(pem);
  const createdAtMs = Date.parse(row.created_at);
  return {
    kid: row.kid,
    privateKey,
    publicKey: createPublicKey(privateKey),
    jwk: JSON.parse(row.public_jwk) as JWK,
    // Keys of the first version have neither: they signed from the start.
    certificate: row.certificate || certify(row.kid, privateKey, createdAtMs),
    createdAtMs,
    signsFromMs: row.signs_from === "" ? createdAtMs : Date.parse(row.signs_from),
    expiresAtMs: row.expires_at === null ? null : Date.parse(row.expires_at),
  };
}

/** An hour's allowance: who checks the dates may have a clock that is behind. */
const CLOCK_ALLOWANCE_MS = 3_600_000;

function certify(kid: string, privateKey: KeyObject, createdAtMs: number): string {
  const commonName = `Access signing key ${kid.slice(0, 16)}`;
  return selfSignedCertificate(privateKey, { commonName, notBeforeMs: createdAtMs - CLOCK_ALLOWANCE_MS });
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
