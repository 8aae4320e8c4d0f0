import { hkdfSync } from "node:crypto";

/** 32 bytes as hex: what `openssl rand -hex 32` prints. */
export const SECRET_KEY_SHAPE = /^[0-9a-fA-F]{64}$/;

const DERIVED_KEY_BYTES = 32;

export interface DerivedKeys {
  /** Encrypts what must be read again: private signing keys, login cookies. */
  readonly sealing: Buffer;
  /** Goes into the hash of each service token's secret, so that a stolen database alone cannot be searched. */
  readonly pepper: Buffer;
  /** Makes people's binding cookies. */
  readonly binding: Buffer;
}

/**
 * Derives one key per purpose from the gateway's secret key (HKDF-SHA256, RFC 5869), so that none is used twice.
 *
 * @throws {TypeError} when the key is not 64 hex digits.
 */
export function deriveKeys(secretKey: string): DerivedKeys {
  if (!SECRET_KEY_SHAPE.test(secretKey)) throw new TypeError("secretKey must be 64 hex digits (32 bytes)");
  const material = Buffer.from(secretKey, "hex");
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", material, "gatehouse", purpose, DERIVED_KEY_BYTES));
  return {
    sealing: derive("sealing v1"),
    pepper: derive("service token pepper v1"),
    binding: derive("binding cookie v1"),
  };
}
