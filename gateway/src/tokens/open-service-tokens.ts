import type { Logger } from "@gatehouse/service";
import { type ApiTokens, createApiTokens } from "../api-tokens/api-tokens.ts";
import { createSecretBox } from "../keys/secret-box.ts";
import { deriveKeys } from "../keys/secret-key.ts";
import { openSigningKeys } from "../keys/signing-keys.ts";
import { openChangeFeed } from "../store/change-feed.ts";
import { openStore } from "../store/store.ts";
import { createServiceTokens, type ServiceTokens } from "./service-tokens.ts";
import { storedReferrers } from "./stored-referrers.ts";

export interface OpenedTokens {
  readonly tokens: ServiceTokens;
  readonly apiTokens: ApiTokens;
  close(): Promise<void>;
}

/**
 * The service tokens and API tokens of a database, without a gateway: for the command line, and before the first start. Gateways that run on the
 * same database notice within a second.
 *
 * @throws {StoreError} `ERR_STORE_UNUSABLE`
 * @throws {GatewayError} `ERR_SECRET_KEY_MISMATCH`
 */
export async function openServiceTokens(
  config: { readonly databaseUrl: string; readonly secretKey: string },
  { logger, now = Date.now }: { readonly logger: Logger; readonly now?: () => number },
): Promise<OpenedTokens> {
  const { pepper, sealing } = deriveKeys(config.secretKey);
  const store = await openStore(config.databaseUrl);
  const feed = await openChangeFeed({ store, logger, now });
  // Opened only to see that the secret key is the database's: tokens made under another one would never work.
  await openSigningKeys({ store, feed, box: createSecretBox(sealing), now });
  return {
    tokens: createServiceTokens({ store, feed, pepper, referrersOf: (id) => storedReferrers(store, id), now }),
    apiTokens: createApiTokens({ store, feed, pepper, now }),
    async close() {
      feed.close();
      await store.destroy();
    },
  };
}
