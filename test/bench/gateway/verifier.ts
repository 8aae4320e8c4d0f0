import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * What nginx asks for each request (auth_request), written as small and fast as such a verifier is: signature, issuer, audience
 * and expiry of the JWT in `cf-access-token`; 204 or 401. Arguments: port, file of the public key, issuer, audience.
 */
const [port, keyFile = "", issuer, audience] = process.argv.slice(2);
const key = createPublicKey(readFileSync(keyFile));

function isGood(jwt: string): boolean {
  const [head = "", payload = "", signature = ""] = jwt.split(".");
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString()) as { alg?: string };
  if (alg !== "RS256") return false;
  const signed = Buffer.from(`${head}.${payload}`);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) return false;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  const isMeant = claims.iss === issuer && [claims.aud].flat().includes(audience);
  return isMeant && typeof claims.exp === "number" && claims.exp > Date.now() / 1_000;
}

createServer((request, response) => {
  let isAllowed = false;
  try {
    isAllowed = isGood(String(request.headers["cf-access-token"]));
  } catch {
    // Not a JWT.
  }
  response.statusCode = isAllowed ? 204 : 401;
  response.end();
}).listen(Number(port), "127.0.0.1");
