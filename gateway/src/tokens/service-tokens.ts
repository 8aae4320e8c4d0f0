import { randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import { GatewayError } from "../errors.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Schema, ServiceTokenRow, ServiceTokenSecretRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { expiryOf } from "./expiry.ts";
import { generateClientId, generateSecret, hashSecret } from "./secret.ts";

/** A service token as an admin sees it. Instants are RFC 3339, UTC. */
export interface ServiceToken {
  /** UUID: what policies name. */
  readonly id: string;
  /** `<32 hex>.access`: what the bot sends. */
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Go duration, or `forever`. */
  readonly duration: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** Null: not yet. Written within seconds of use. */
  readonly lastSeenAt: string | null;
  /** The current secret first, then the previous one while it is kept. */
  readonly secrets: readonly ServiceTokenSecret[];
}

export interface ServiceTokenSecret {
  readonly version: number;
  readonly createdAt: string;
  /** Null for the current secret. */
  readonly expiresAt: string | null;
  readonly lastSeenAt: string | null;
}

/** Create and rotate alone show the secret; it cannot be read again. */
export interface ServiceTokenWithSecret extends ServiceToken {
  readonly clientSecret: string;
}

export interface CreateServiceToken {
  /** 1 to 100 characters; need not be unique. */
  readonly name: string;
  /** Go duration or `forever`. Default `8760h`, a year. */
  readonly duration?: string;
}

export interface RotateServiceToken {
  /** Until when the old secret works too, RFC 3339. Default: it stops at once. */
  readonly previousSecretExpiresAt?: string;
}

/** The life of service tokens. A change is in force in this process when the call returns, and elsewhere within a second. */
export interface ServiceTokens {
  /** @throws {GatewayError} `ERR_TOKEN_INVALID`, `ERR_DURATION_INVALID` */
  create(token: CreateServiceToken): Promise<ServiceTokenWithSecret>;
  list(): Promise<readonly ServiceToken[]>;
  /** @param id The token's id or its client id. @throws {GatewayError} `ERR_TOKEN_NOT_FOUND`, as all below */
  get(id: string): Promise<ServiceToken>;
  disable(id: string): Promise<ServiceToken>;
  enable(id: string): Promise<ServiceToken>;
  /** A new secret; the client id stays. Any older previous secret stops. */
  rotate(id: string, options?: RotateServiceToken): Promise<ServiceTokenWithSecret>;
  delete(id: string): Promise<ServiceToken>;
}

export interface ServiceTokensDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly pepper: Buffer;
  readonly now: () => number;
}

const DEFAULT_DURATION = "8760h";
const MAX_NAME_LENGTH = 100;

export function createServiceTokens(deps: ServiceTokensDeps): ServiceTokens {
  return {
    create: (token) => createToken(deps, token),
    list: () => readTokens(deps.store),
    get: (id) => readToken(deps.store, id),
    enable: (id) => setEnabled(deps, id, true),
    disable: (id) => setEnabled(deps, id, false),
    rotate: (id, options = {}) => rotateToken(deps, id, options),
    delete: (id) => deleteToken(deps, id),
  };
}

async function createToken(deps: ServiceTokensDeps, token: CreateServiceToken): Promise<ServiceTokenWithSecret> {
  const name = token.name.trim();
  if (name === "" || name.length > MAX_NAME_LENGTH) {
    throw new GatewayError("ERR_TOKEN_INVALID", `A token's name has 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  const duration = token.duration ?? DEFAULT_DURATION;
  const created_at = instant(deps.now());
  const id = randomUUID();
  const clientSecret = generateSecret();
  await change(deps, id, async (transaction) => {
    const dates = {
      expires_at: expiryOf(duration, deps.now()),
      created_at,
      updated_at: created_at,
      last_seen_at: null,
    };
    const row = { id, client_id: generateClientId(), name, is_enabled: 1, duration, ...dates };
    await transaction.insertInto("service_tokens").values(row).execute();
    await insertSecret(transaction, deps, { id, version: 1, clientSecret });
  });
  return { ...(await readToken(deps.store, id)), clientSecret };
}

async function setEnabled(deps: ServiceTokensDeps, idOrClientId: string, isEnabled: boolean): Promise<ServiceToken> {
  const { id } = await readToken(deps.store, idOrClientId);
  await change(deps, id, async (transaction) => {
    const update = { is_enabled: isEnabled ? 1 : 0, updated_at: instant(deps.now()) };
    await transaction.updateTable("service_tokens").set(update).where("id", "=", id).execute();
  });
  return readToken(deps.store, id);
}

async function rotateToken(
  deps: ServiceTokensDeps,
  idOrClientId: string,
  { previousSecretExpiresAt }: RotateServiceToken,
): Promise<ServiceTokenWithSecret> {
  const { id } = await readToken(deps.store, idOrClientId);
  const previousEndsMs = previousSecretExpiresAt === undefined ? deps.now() : Date.parse(previousSecretExpiresAt);
  if (!Number.isFinite(previousEndsMs)) {
    throw new GatewayError(
      "ERR_TOKEN_INVALID",
      "previousSecretExpiresAt must be an instant such as 2026-12-01T00:00:00Z.",
    );
  }
  const clientSecret = generateSecret();
  await change(deps, id, async (transaction) => {
    const secrets = transaction.selectFrom("service_token_secrets").selectAll().where("token_id", "=", id);
    const current = await secrets.where("expires_at", "is", null).executeTakeFirstOrThrow();
    const ofToken = transaction.deleteFrom("service_token_secrets").where("token_id", "=", id);
    await ofToken.where("version", "<>", current.version).execute();
    await transaction
      .updateTable("service_token_secrets")
      .set({ expires_at: instant(previousEndsMs) })
      .where("token_id", "=", id)
      .execute();
    await insertSecret(transaction, deps, { id, version: current.version + 1, clientSecret });
    const updated_at = instant(deps.now());
    await transaction.updateTable("service_tokens").set({ updated_at }).where("id", "=", id).execute();
  });
  return { ...(await readToken(deps.store, id)), clientSecret };
}

async function deleteToken(deps: ServiceTokensDeps, idOrClientId: string): Promise<ServiceToken> {
  const token = await readToken(deps.store, idOrClientId);
  await change(deps, token.id, async (transaction) => {
    await transaction.deleteFrom("service_token_secrets").where("token_id", "=", token.id).execute();
    await transaction.deleteFrom("service_tokens").where("id", "=", token.id).execute();
  });
  return token;
}

async function change(
  { store, feed, now }: ServiceTokensDeps,
  id: string,
  write: (transaction: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "service_token", id, now());
    await write(transaction);
  });
  await feed.poll();
}

async function insertSecret(
  transaction: Transaction<Schema>,
  { pepper, now }: ServiceTokensDeps,
  { id, version, clientSecret }: { id: string; version: number; clientSecret: string },
): Promise<void> {
  const hash = hashSecret(clientSecret, pepper).toString("hex");
  const row = { token_id: id, version, hash, created_at: instant(now()), expires_at: null, last_seen_at: null };
  await transaction.insertInto("service_token_secrets").values(row).execute();
}

async function readToken(store: Store, idOrClientId: string): Promise<ServiceToken> {
  const token = (await readTokens(store)).find(({ id, clientId }) => id === idOrClientId || clientId === idOrClientId);
  if (token !== undefined) return token;
  throw new GatewayError(
    "ERR_TOKEN_NOT_FOUND",
    "There is no service token with this id or client id; list them to see which there are.",
  );
}

async function readTokens(store: Store): Promise<readonly ServiceToken[]> {
  const tokens = await store.selectFrom("service_tokens").selectAll().orderBy("created_at").orderBy("id").execute();
  const secrets = await store.selectFrom("service_token_secrets").selectAll().orderBy("version", "desc").execute();
  const secretsOf = Map.groupBy(secrets, (row) => row.token_id);
  return tokens.map((row) => tokenOf(row, secretsOf.get(row.id) ?? []));
}

function tokenOf(row: ServiceTokenRow, secrets: readonly ServiceTokenSecretRow[]): ServiceToken {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    isEnabled: row.is_enabled === 1,
    duration: row.duration,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    secrets: secrets.map((secret) => ({
      version: secret.version,
      createdAt: secret.created_at,
      expiresAt: secret.expires_at,
      lastSeenAt: secret.last_seen_at,
    })),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
