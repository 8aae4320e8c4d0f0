import type { CredentialSource, Credentials } from "./source.ts";

/**
 * A pair that stays the same while the client lives.
 *
 * @throws {TypeError} when a half is missing
 */
export function staticCredentials({ clientId, clientSecret }: Credentials): CredentialSource {
  if (!clientId || !clientSecret) throw new TypeError("staticCredentials needs a clientId and a clientSecret.");
  return { name: "static credentials", read: () => ({ clientId, clientSecret }) };
}
