import { randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import { BY_COMMAND_LINE, type By, recordAuditEvent } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import { describeReferrers, type Referrer } from "../policies/referrers.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { expiryOf } from "./expiry.ts";
import { planUpdate, tokenName, type UpdatePlan } from "./plan-update.ts";
import { readToken, readTokenPage, readTokens } from "./read-tokens.ts";
import { insertSecret, retireSecrets, setPreviousEnd } from "./rotate.ts";
import { generateClientId } from "./secret.ts";
import type {
  CreateServiceToken,
  RotateServiceToken,
  ServiceToken,
  ServiceTokenWithSecret,
  TokenPage,
  TokenQuery,
  UpdateServiceToken,
} from "./service-token.ts";

/**
 * The life of service tokens. A change is in force in this process when the call returns, and elsewhere within a second. An `id` is
 * the token's id or its client id; `by` goes into the audit log, by default the command line.
 */
export interface ServiceTokens {
  /** @throws {GatewayError} `ERR_TOKEN_INVALID`, `ERR_DURATION_INVALID` */
  create(token: CreateServiceToken, by?: By): Promise<ServiceTokenWithSecret>;
  /** All, the oldest first. */
  list(): Promise<readonly ServiceToken[]>;
  /** The oldest first; empty past the end. */
  page(query: TokenQuery): Promise<TokenPage>;
  /** @throws {GatewayError} `ERR_TOKEN_NOT_FOUND`, as all below */
  get(id: string): Promise<ServiceToken>;
  /** Shows a secret when the update was a rotation. @throws {GatewayError} `ERR_TOKEN_INVALID`, `ERR_DURATION_INVALID` */
  update(id: string, update: UpdateServiceToken, by?: By): Promise<ServiceToken & { readonly clientSecret?: string }>;
  /** The client id stays. @throws {GatewayError} `ERR_TOKEN_INVALID` */
  rotate(id: string, options?: RotateServiceToken, by?: By): Promise<ServiceTokenWithSecret>;
  /** Another term of its own duration, from now. */
  refresh(id: string, by?: By): Promise<ServiceToken>;
  enable(id: string, by?: By): Promise<ServiceToken>;
  /** Stops all its secrets and JWTs, until it is enabled. */
  disable(id: string, by?: By): Promise<ServiceToken>;
  /** @throws {GatewayError} `ERR_TOKEN_IN_USE` while a policy or a group names it. */
  delete(id: string, by?: By): Promise<ServiceToken>;
}

export interface ServiceTokensDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly pepper: Buffer;
  /** Which rules name a token. */
  readonly referrersOf: (tokenId: string) => readonly Referrer[] | Promise<readonly Referrer[]>;
  readonly now: () => number;
}

const DEFAULT_DURATION = "8760h";
const FIRST_VERSION = 1;

export function createServiceTokens(deps: ServiceTokensDeps): ServiceTokens {
  const update = (id: string, change: UpdateServiceToken, by = BY_COMMAND_LINE) =>
    updateToken(deps, id, () => change, by);
  return {
    create: (token, by = BY_COMMAND_LINE) => createToken(deps, token, by),
    list: () => readTokens(deps.store),
    page: (query) => readTokenPage(deps.store, query),
    get: (id) => readToken(deps.store, id),
    update,
    rotate: (id, options = {}, by = BY_COMMAND_LINE) => rotateToken(deps, id, options, by),
    refresh: (id, by = BY_COMMAND_LINE) => refreshToken(deps, id, by),
    enable: (id, by) => update(id, { isEnabled: true }, by),
    disable: (id, by) => update(id, { isEnabled: false }, by),
    delete: (id, by = BY_COMMAND_LINE) => deleteToken(deps, id, by),
  };
}

async function createToken(deps: ServiceTokensDeps, token: CreateServiceToken, by: By) {
  const { duration = DEFAULT_DURATION, isEnabled = true, secretVersion: version = FIRST_VERSION } = token;
  const created_at = new Date(deps.now()).toISOString();
  const row = {
    id: randomUUID(),
    client_id: generateClientId(),
    name: tokenName(token.name),
    is_enabled: isEnabled ? 1 : 0,
    duration,
    expires_at: expiryOf(duration, deps.now()),
    created_at,
    updated_at: created_at,
    last_seen_at: null,
  };
  return transact(deps, row.id, by, async (transaction, log) => {
    await transaction.insertInto("service_tokens").values(row).execute();
    const secret = { tokenId: row.id, version, createdAt: created_at, pepper: deps.pepper };
    const clientSecret = await insertSecret(transaction, secret);
    const created = await readToken(transaction, row.id);
    await log(created, "service_token.created", { duration, expires_at: row.expires_at });
    return { ...created, clientSecret };
  });
}

async function updateToken(
  deps: ServiceTokensDeps,
  idOrClientId: string,
  updateOf: (token: ServiceToken) => UpdateServiceToken,
  by: By,
): Promise<ServiceToken & { readonly clientSecret?: string }> {
  const { id } = await readToken(deps.store, idOrClientId);
  return transact(deps, id, by, async (transaction, log) => {
    const token = await readToken(transaction, id);
    const plan = planUpdate(token, updateOf(token), deps.now());
    const clientSecret = await apply(deps, transaction, token, plan);
    const updated = await readToken(transaction, id);
    for (const { event, detail } of plan.events) await log(updated, event, detail);
    return clientSecret === undefined ? updated : { ...updated, clientSecret };
  });
}

async function rotateToken(
  deps: ServiceTokensDeps,
  id: string,
  options: RotateServiceToken,
  by: By,
): Promise<ServiceTokenWithSecret> {
  const rotation = ({ secrets: [{ version }] }: ServiceToken) => ({ ...options, secretVersion: version + 1 });
  const { clientSecret, ...token } = await updateToken(deps, id, rotation, by);
  if (clientSecret === undefined) throw new Error("unreachable: a higher version is a rotation");
  return { ...token, clientSecret };
}

async function refreshToken(deps: ServiceTokensDeps, idOrClientId: string, by: By) {
  const { id } = await readToken(deps.store, idOrClientId);
  return transact(deps, id, by, async (transaction, log) => {
    const { duration } = await readToken(transaction, id);
    await setColumns(deps, transaction, id, { expires_at: expiryOf(duration, deps.now()) });
    const refreshed = await readToken(transaction, id);
    await log(refreshed, "service_token.refreshed", { expires_at: refreshed.expiresAt });
    return refreshed;
  });
}

async function deleteToken(deps: ServiceTokensDeps, idOrClientId: string, by: By) {
  const { id } = await readToken(deps.store, idOrClientId);
  const referrers = await deps.referrersOf(id);
  if (referrers.length > 0) {
    const message = `The service token is named by ${describeReferrers(referrers)}. Take it out there first, or disable it.`;
    throw new GatewayError("ERR_TOKEN_IN_USE", message);
  }
  return transact(deps, id, by, async (transaction, log) => {
    const token = await readToken(transaction, id);
    // Its secrets go with it: the tables' foreign keys see to that.
    await transaction.deleteFrom("service_tokens").where("id", "=", id).execute();
    await log(token, "service_token.deleted");
    return token;
  });
}

/** Carries out a plan; returns the new secret of a rotation. */
async function apply(
  deps: ServiceTokensDeps,
  transaction: Transaction<Schema>,
  token: ServiceToken,
  { columns, rotation, previousEndsAt }: UpdatePlan,
): Promise<string | undefined> {
  // The token before its secrets, as everywhere: writers that take rows in one order never wait for each other in a circle.
  await setColumns(deps, transaction, token.id, columns);
  const [, previous] = token.secrets;
  if (previousEndsAt !== undefined && previous !== undefined) {
    await setPreviousEnd(transaction, token.id, previous.version, previousEndsAt);
  }
  if (rotation === undefined) return undefined;
  await retireSecrets(transaction, token, rotation);
  const createdAt = new Date(deps.now()).toISOString();
  return insertSecret(transaction, { tokenId: token.id, version: rotation.version, createdAt, pepper: deps.pepper });
}

async function setColumns(
  { now }: ServiceTokensDeps,
  transaction: Transaction<Schema>,
  id: string,
  columns: UpdatePlan["columns"],
): Promise<void> {
  const set = { ...columns, updated_at: new Date(now()).toISOString() };
  await transaction.updateTable("service_tokens").set(set).where("id", "=", id).execute();
}

type Log = (
  token: ServiceToken,
  event: UpdatePlan["events"][number]["event"],
  detail?: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** All of a change or nothing of it, its line in the audit log included. Changes of one store come one after the other. */
async function transact<T>(
  { store, feed, now }: ServiceTokensDeps,
  id: string,
  by: By,
  work: (transaction: Transaction<Schema>, log: Log) => Promise<T>,
): Promise<T> {
  const result = await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "service_token", id, now());
    return work(transaction, async ({ name, clientId }, event, more) => {
      const reason = event.slice("service_token.".length);
      const detail = { id, name, client_id: clientId, ...more };
      await recordAuditEvent(transaction, { ...by, kind: "change", event, isAllowed: true, reason, detail }, now());
    });
  });
  await feed.poll();
  return result;
}
