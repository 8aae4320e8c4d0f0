import { type SelectQueryBuilder, sql } from "kysely";
import { GatewayError } from "../errors.ts";
import type { Schema, ServiceTokenRow, ServiceTokenSecretRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { ServiceToken, ServiceTokenSecret, TokenPage, TokenQuery } from "./service-token.ts";

/** @throws {GatewayError} `ERR_TOKEN_NOT_FOUND` */
export async function readToken(store: Store, idOrClientId: string): Promise<ServiceToken> {
  const row = await store
    .selectFrom("service_tokens")
    .selectAll()
    .where((is) => is.or([is("id", "=", idOrClientId), is("client_id", "=", idOrClientId)]))
    .executeTakeFirst();
  const [token] = row === undefined ? [] : await withSecrets(store, [row]);
  if (token !== undefined) return token;
  throw new GatewayError(
    "ERR_TOKEN_NOT_FOUND",
    "There is no service token with this id or client id; list them to see which there are.",
  );
}

/** The oldest first. */
export async function readTokens(store: Store): Promise<readonly ServiceToken[]> {
  const rows = await store.selectFrom("service_tokens").selectAll().orderBy("created_at").orderBy("id").execute();
  const secrets = await store.selectFrom("service_token_secrets").selectAll().orderBy("version", "desc").execute();
  return join(rows, secrets);
}

/** One page, the oldest first; no more is read than is answered. */
export async function readTokenPage(store: Store, query: TokenQuery): Promise<TokenPage> {
  const { page, perPage } = query;
  const chosen = matching(store.selectFrom("service_tokens"), query);
  const { count } = await chosen.select((of) => of.fn.countAll().as("count")).executeTakeFirstOrThrow();
  const rows = await chosen
    .selectAll()
    .orderBy("created_at")
    .orderBy("id")
    .limit(perPage)
    .offset((page - 1) * perPage)
    .execute();
  return { tokens: await withSecrets(store, rows), totalCount: Number(count) };
}

function matching<O>(
  all: SelectQueryBuilder<Schema, "service_tokens", O>,
  { name, search }: TokenQuery,
): SelectQueryBuilder<Schema, "service_tokens", O> {
  const named = name === undefined ? all : all.where("name", "=", name);
  if (search === undefined) return named;
  const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  const like = (column: "name" | "id" | "client_id") =>
    sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
  return named.where((is) => is.or([like("name"), like("id"), like("client_id")]));
}

async function withSecrets(store: Store, rows: readonly ServiceTokenRow[]): Promise<readonly ServiceToken[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const secrets = store.selectFrom("service_token_secrets").selectAll().where("token_id", "in", ids);
  return join(rows, await secrets.orderBy("version", "desc").execute());
}

function join(rows: readonly ServiceTokenRow[], secrets: readonly ServiceTokenSecretRow[]): readonly ServiceToken[] {
  const secretsOf = Map.groupBy(secrets, (row) => row.token_id);
  return rows.map((row) => tokenOf(row, (secretsOf.get(row.id) ?? []).map(secretOf)));
}

function tokenOf(row: ServiceTokenRow, [current, ...previous]: readonly ServiceTokenSecret[]): ServiceToken {
  if (current === undefined) throw new Error("unreachable: a token and its secret are written together");
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
    secrets: [current, ...previous],
  };
}

function secretOf(row: ServiceTokenSecretRow): ServiceTokenSecret {
  return {
    version: row.version,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
  };
}
