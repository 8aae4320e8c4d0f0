import { randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import type { ApiScope } from "../admin-api/route.ts";
import { BY_COMMAND_LINE, type By, recordAuditEvent } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { ApiTokenRow, Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { expiryOf } from "../tokens/expiry.ts";
import { generateSecret, hashSecret } from "../tokens/secret.ts";
import { API_SCOPES, parseScopes } from "./scopes.ts";

/** A token of the admin API, as an admin sees it. Instants are RFC 3339, UTC. */
export interface ApiToken {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** Null: not yet. Written within seconds of use. */
  readonly lastUsedAt: string | null;
}

/** Shown once, when the token is made. */
export interface ApiTokenWithSecret extends ApiToken {
  /** What goes after `Authorization: Bearer`. */
  readonly secret: string;
}

export interface CreateApiToken {
  /** 1 to 100 characters; the audit log names who did what by it. */
  readonly name: string;
  /** `apps:write`, `service_tokens:*`, `*:read`, `all`. */
  readonly scopes: readonly string[];
  /** Go duration or `forever`. Default `forever`. */
  readonly duration?: string;
}

/** The tokens of the admin API. A change is in force in this process when the call returns, and elsewhere within a second. */
export interface ApiTokens {
  /** @throws {GatewayError} `ERR_API_TOKEN_INVALID`, `ERR_DURATION_INVALID` */
  create(token: CreateApiToken, by?: By): Promise<ApiTokenWithSecret>;
  list(): Promise<readonly ApiToken[]>;
  /** @throws {GatewayError} `ERR_API_TOKEN_NOT_FOUND` */
  delete(id: string, by?: By): Promise<ApiToken>;
}

export interface ApiTokensDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly pepper: Buffer;
  readonly now: () => number;
}

const PREFIX = "gatehouse_";
const MAX_NAME_LENGTH = 100;

export function createApiTokens(deps: ApiTokensDeps): ApiTokens {
  return {
    create: (token, by = BY_COMMAND_LINE) => createToken(deps, token, by),
    list: () => readTokens(deps.store),
    delete: (id, by = BY_COMMAND_LINE) => deleteToken(deps, id, by),
  };
}

async function createToken(deps: ApiTokensDeps, token: CreateApiToken, by: By): Promise<ApiTokenWithSecret> {
  const name = nameOf(token);
  const scopes = scopesOf(token);
  const secret = generateSecret(PREFIX);
  const row: ApiTokenRow = {
    id: randomUUID(),
    name,
    hash: hashSecret(secret, deps.pepper).toString("hex"),
    scopes: JSON.stringify(scopes),
    created_at: new Date(deps.now()).toISOString(),
    expires_at: expiryOf(token.duration ?? "forever", deps.now()),
    last_used_at: null,
  };
  await change(deps, row, "created", by, async (transaction) => {
    await transaction.insertInto("api_tokens").values(row).execute();
  });
  return { ...tokenOf(row), secret };
}

async function deleteToken(deps: ApiTokensDeps, id: string, by: By): Promise<ApiToken> {
  const row = await deps.store.selectFrom("api_tokens").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) {
    throw new GatewayError(
      "ERR_API_TOKEN_NOT_FOUND",
      "There is no API token with this id; list them to see which there are.",
    );
  }
  await change(deps, row, "deleted", by, async (transaction) => {
    await transaction.deleteFrom("api_tokens").where("id", "=", id).execute();
  });
  return tokenOf(row);
}

async function change(
  { store, feed, now }: ApiTokensDeps,
  row: ApiTokenRow,
  what: "created" | "deleted",
  by: By,
  write: (transaction: Transaction<Schema>) => Promise<void>,
): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "api_token", row.id, now());
    const detail = { id: row.id, name: row.name, scopes: tokenOf(row).scopes };
    const event = { ...by, kind: "change", event: `api_token.${what}`, isAllowed: true, reason: what, detail } as const;
    await recordAuditEvent(transaction, event, now());
    await write(transaction);
  });
  await feed.poll();
}

function nameOf({ name }: CreateApiToken): string {
  const trimmed = name.trim();
  if (trimmed !== "" && trimmed.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(trimmed)) return trimmed;
  const message = `An API token's name has 1 to ${MAX_NAME_LENGTH} characters, none of them a control character.`;
  throw new GatewayError("ERR_API_TOKEN_INVALID", message);
}

function scopesOf({ scopes: words }: CreateApiToken): readonly ApiScope[] {
  const scopes = parseScopes(words);
  const known = `${API_SCOPES.join(", ")}; *:read for all that read, or all`;
  if ("unknown" in scopes) {
    throw new GatewayError("ERR_API_TOKEN_INVALID", `There is no scope "${scopes.unknown}". There are ${known}.`);
  }
  if (scopes.length > 0) return scopes;
  throw new GatewayError("ERR_API_TOKEN_INVALID", `An API token needs at least one scope: ${known}.`);
}

async function readTokens(store: Store): Promise<readonly ApiToken[]> {
  const rows = await store.selectFrom("api_tokens").selectAll().orderBy("created_at").orderBy("id").execute();
  return rows.map(tokenOf);
}

function tokenOf(row: ApiTokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as readonly ApiScope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
