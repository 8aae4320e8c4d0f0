import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export const ISSUER = "https://acme.example.com";
export const AUDIENCE = "a1".repeat(32);
export const CLIENT_ID = `${"7".repeat(32)}.access`;

/** A gateway's key set on a real socket, and the JWTs that it would send along. */
export interface TestAccess {
  readonly jwksUrl: string;
  /** Headers of a request by a service token; `changes` replaces claims. */
  asService(changes?: Record<string, unknown>): Promise<Record<string, string>>;
  asPerson(changes?: Record<string, unknown>): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function startTestAccess(now: () => number): Promise<TestAccess> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(keys));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sign = async (claims: Record<string, unknown>) => {
    const seconds = Math.floor(now() / 1000);
    const all = { type: "app", iss: ISSUER, aud: [AUDIENCE], iat: seconds, exp: seconds + 900, ...claims };
    const jwt = await new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(privateKey);
    return { "cf-access-jwt-assertion": jwt };
  };
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cdn-cgi/access/certs`,
    asService: (changes = {}) => sign({ sub: "", common_name: CLIENT_ID, ...changes }),
    asPerson: (changes = {}) => {
      const person = { sub: "7335d417-61da-459d-899c-0a01c76a2f94", email: "ada@acme.example.com" };
      return sign({ ...person, custom: { name: "Ada Lovelace" }, ...changes });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
