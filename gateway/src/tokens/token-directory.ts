import type { ChangeFeed } from "../store/change-feed.ts";
import type { ServiceTokenRow, ServiceTokenSecretRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";

/** The present state of a token, as each request needs it. */
export interface TokenState {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  readonly secrets: readonly SecretState[];
  /** Hashes of secrets from before those, hex. They open nothing. */
  readonly retiredHashes: ReadonlySet<string>;
}

export interface SecretState {
  readonly version: number;
  readonly hash: Buffer;
  /** Null for the current secret. */
  readonly expiresAtMs: number | null;
  /** Whether it was ever used. */
  readonly isSeen: boolean;
}

/** All tokens in memory, so that neither a request nor a flood of unknown ids reads the store. */
export interface TokenDirectory {
  find(clientId: string): TokenState | undefined;
  byId(id: string): TokenState | undefined;
  all(): Iterable<TokenState>;
}

export async function openTokenDirectory(store: Store, feed: ChangeFeed): Promise<TokenDirectory> {
  const byClientId = new Map<string, TokenState>();
  const clientIds = new Map<string, string>();
  const replace = (id: string, state: TokenState | undefined) => {
    const known = clientIds.get(id);
    if (known !== undefined) byClientId.delete(known);
    clientIds.delete(id);
    if (state === undefined) return;
    byClientId.set(state.clientId, state);
    clientIds.set(id, state.clientId);
  };
  feed.subscribe("service_token", async (id) => replace(id, (await readStates(store, id))[0]));
  for (const state of await readStates(store)) replace(state.id, state);
  const find = (clientId: string) => byClientId.get(clientId);
  return { find, byId: (id) => find(clientIds.get(id) ?? ""), all: () => byClientId.values() };
}

const NONE: ReadonlySet<string> = new Set();

async function readStates(store: Store, id?: string): Promise<TokenState[]> {
  let tokens = store.selectFrom("service_tokens").selectAll();
  let secrets = store.selectFrom("service_token_secrets").selectAll();
  let retired = store.selectFrom("retired_secrets").selectAll();
  if (id !== undefined) {
    tokens = tokens.where("id", "=", id);
    secrets = secrets.where("token_id", "=", id);
    retired = retired.where("token_id", "=", id);
  }
  const secretsOf = Map.groupBy(await secrets.execute(), (row) => row.token_id);
  const retiredOf = Map.groupBy(await retired.execute(), (row) => row.token_id);
  return (await tokens.execute()).map((row) => {
    const hashes = retiredOf.get(row.id);
    const retiredHashes = hashes === undefined ? NONE : new Set(hashes.map(({ hash }) => hash));
    return { ...stateOf(row, secretsOf.get(row.id) ?? []), retiredHashes };
  });
}

function stateOf(row: ServiceTokenRow, secrets: readonly ServiceTokenSecretRow[]): Omit<TokenState, "retiredHashes"> {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    isEnabled: row.is_enabled === 1,
    expiresAtMs: instant(row.expires_at),
    secrets: secrets.map((secret) => ({
      version: secret.version,
      hash: Buffer.from(secret.hash, "hex"),
      expiresAtMs: instant(secret.expires_at),
      isSeen: secret.last_seen_at !== null,
    })),
  };
}

function instant(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
