import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { generateClientId, generateSecret, hashSecret, isSameHash } from "../../../gateway/src/tokens/secret.ts";

describe("a service token's secret", () => {
  test("is cfast_, 40 alphanumerics and their checksum", () => {
    const secret = generateSecret();
    expect(secret).toMatch(/^cfast_[A-Za-z0-9]{40}[0-9a-f]{8}$/);
    expect(secret.slice(-8)).toBe(crc32(secret.slice(0, -8)).toString(16).padStart(8, "0"));
    expect(generateSecret()).not.toBe(secret);
  });

  test("is kept as a hash that depends on the pepper", () => {
    const hash = hashSecret("s", Buffer.alloc(32, 1));
    expect(hash).toHaveLength(32);
    expect(isSameHash(hash, hashSecret("s", Buffer.alloc(32, 1)))).toBe(true);
    expect(isSameHash(hash, hashSecret("s", Buffer.alloc(32, 2)))).toBe(false);
    expect(isSameHash(hash, Buffer.alloc(3))).toBe(false);
  });

  test("belongs to a client id of 32 hex digits", () => expect(generateClientId()).toMatch(/^[0-9a-f]{32}\.access$/));
});
