import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

const SERVICE_TOKEN_PREFIX = "cfast_";
const RANDOM_LENGTH = 40;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of 62 in a byte: bytes above it would favour the first letters. */
const UNBIASED_BYTES = ALPHABET.length * Math.floor(256 / ALPHABET.length);
const CLIENT_ID_BYTES = 16;

/**
 * A new secret: a prefix, 40 random alphanumerics (238 bits), and the CRC-32 of both in 8 hex digits, by which scanners tell
 * a leaked secret from a random word. `cfast_` and the shape are Access's since August 2026; the checksum is ours, for theirs is
 * unpublished.
 */
export function generateSecret(prefix = SERVICE_TOKEN_PREFIX): string {
  let random = "";
  while (random.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(RANDOM_LENGTH)) {
      if (byte < UNBIASED_BYTES && random.length < RANDOM_LENGTH) random += ALPHABET[byte % ALPHABET.length];
    }
  }
  return prefix + random + checksum(prefix + random);
}

/** A new client id, `<32 hex>.access`. */
export function generateClientId(): string {
  return `${randomBytes(CLIENT_ID_BYTES).toString("hex")}.access`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

/** What is kept of a secret. A slow hash would add nothing: the secret is random, not chosen by a person. */
export function hashSecret(secret: string, pepper: Buffer): Buffer {
  return createHmac("sha256", pepper).update(secret).digest();
}

export function isSameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
