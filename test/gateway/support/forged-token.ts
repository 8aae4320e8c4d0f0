import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT with any header and claims, signed with a private key (RS256), an HMAC secret (HS256), or not at all. */
export function forgeToken(header: Record<string, unknown>, claims: unknown, key?: KeyObject | string): string {
  const input = `${encode(header)}.${encode(claims)}`;
  if (key === undefined) return `${input}.`;
  const signature =
    typeof key === "string"
      ? createHmac("sha256", key).update(input).digest()
      : createSign("RSA-SHA256").update(input).sign(key);
  return `${input}.${signature.toString("base64url")}`;
}

export function strangersKey(): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}
