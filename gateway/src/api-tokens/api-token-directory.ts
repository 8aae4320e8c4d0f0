import type { ApiScope } from "../admin-api/route.ts";
import type { ChangeFeed } from "../store/change-feed.ts";
import type { ApiTokenRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { hashSecret } from "../tokens/secret.ts";

/** An API token that is good now. */
export interface LiveApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** Null: never. */
  readonly expiresAtMs: number | null;
}

/** All API tokens in memory: neither a call nor a flood of wrong tokens reads the store. */
export interface ApiTokenDirectory {
  /** The token of a secret; undefined when there is none, or when it has expired. */
  authenticate(secret: string): LiveApiToken | undefined;
  find(id: string): LiveApiToken | undefined;
}

export interface ApiTokenDirectoryDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly pepper: Buffer;
  readonly now: () => number;
}

export async function openApiTokenDirectory(deps: ApiTokenDirectoryDeps): Promise<ApiTokenDirectory> {
  const { store, feed, pepper, now } = deps;
  let byHash = new Map<string, LiveApiToken>();
  let byId = new Map<string, LiveApiToken>();
  // They are few, and change rarely: reading all of them is the simplest way to be right.
  const load = async () => {
    const rows: readonly ApiTokenRow[] = await store.selectFrom("api_tokens").selectAll().execute();
    byHash = new Map(rows.map((row) => [row.hash, liveOf(row)]));
    byId = new Map(rows.map((row) => [row.id, liveOf(row)]));
  };
  const unlessExpired = (token: LiveApiToken | undefined) =>
    token !== undefined && token.expiresAtMs !== null && token.expiresAtMs <= now() ? undefined : token;
  feed.subscribe("api_token", load);
  await load();
  return {
    // Looking up a keyed hash tells nobody anything by its time.
    authenticate: (secret) => unlessExpired(byHash.get(hashSecret(secret, pepper).toString("hex"))),
    find: (id) => unlessExpired(byId.get(id)),
  };
}

function liveOf({ id, name, scopes, expires_at }: ApiTokenRow): LiveApiToken {
  const expiresAtMs = expires_at === null ? null : Date.parse(expires_at);
  return { id, name, scopes: JSON.parse(scopes) as readonly ApiScope[], expiresAtMs };
}
