import type { StatsConfig } from "../config.ts";
import { openStatsTransport } from "../stats-client.ts";

export interface TokenEnd {
  readonly clientId: string;
  /** RFC 3339; absent where nobody tells. */
  readonly expiresAt?: string;
}

/**
 * Asks the gateway when the service token ends, by an exchange of its own: what the bot's client heard at its last one may be a
 * day old, and the token refreshed since.
 *
 * @param askApi What the admin API says, where there is one: Cloudflare's gateway itself does not tell.
 * @throws {AccessError} when the gateway does not let the token in, or cannot be reached
 */
export async function readTokenEnd(
  config: StatsConfig,
  askApi: (clientId: string) => Promise<string | undefined>,
): Promise<TokenEnd> {
  const { name } = config.credentials;
  const read = () => config.credentials.read();
  // Without what watches the source: it is read once.
  const client = openStatsTransport({ ...config, credentials: { name, read } });
  try {
    await client.headers();
    const { clientId } = await read();
    const expiresAt = client.stats().origins[0]?.credentialExpiresAt ?? (await askApi(clientId));
    return { clientId, ...(expiresAt !== undefined && { expiresAt }) };
  } finally {
    await client.close();
  }
}
