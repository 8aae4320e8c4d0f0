import type { Transaction } from "kysely";
import type { Schema } from "../store/schema.ts";
import { generateSecret, hashSecret } from "./secret.ts";
import type { ServiceToken } from "./service-token.ts";

export interface NewSecret {
  readonly tokenId: string;
  readonly version: number;
  readonly createdAt: string;
  readonly pepper: Buffer;
}

/** So many rotated-out secrets are still recognised, so that their use is seen. */
const MAX_RETIRED = 20;

/** Makes the secret of a version, keeps its hash, and returns it: the only time that it is there to be read. */
export async function insertSecret(transaction: Transaction<Schema>, secret: NewSecret): Promise<string> {
  const { tokenId: token_id, version, createdAt: created_at, pepper } = secret;
  const clientSecret = generateSecret();
  const hash = hashSecret(clientSecret, pepper).toString("hex");
  const row = { token_id, version, hash, created_at, expires_at: null, last_seen_at: null };
  await transaction.insertInto("service_token_secrets").values(row).execute();
  return clientSecret;
}

/**
 * The current secret becomes the previous one, which ends at an instant; the previous one before it is retired. Where the current
 * one is to be discarded, it is retired instead, and the one before it goes on.
 */
export async function retireSecrets(
  transaction: Transaction<Schema>,
  { id, secrets: [current, previous] }: ServiceToken,
  { previousEndsAt, discardsCurrent }: { readonly previousEndsAt: string; readonly discardsCurrent: boolean },
): Promise<void> {
  const [kept, retired] = discardsCurrent && previous !== undefined ? [previous, current] : [current, previous];
  if (retired !== undefined) await retire(transaction, id, retired.version);
  await setPreviousEnd(transaction, id, kept.version, previousEndsAt);
  await forgetOldest(transaction, id);
}

async function forgetOldest(transaction: Transaction<Schema>, id: string): Promise<void> {
  const kept = await transaction
    .selectFrom("retired_secrets")
    .select("version")
    .where("token_id", "=", id)
    .orderBy("version", "desc")
    .limit(MAX_RETIRED)
    .execute();
  const oldest = kept.at(-1);
  if (oldest === undefined) return;
  const beyond = transaction.deleteFrom("retired_secrets").where("token_id", "=", id);
  await beyond.where("version", "<", oldest.version).execute();
}

export async function setPreviousEnd(
  transaction: Transaction<Schema>,
  tokenId: string,
  version: number,
  expires_at: string,
): Promise<void> {
  await transaction
    .updateTable("service_token_secrets")
    .set({ expires_at })
    .where("token_id", "=", tokenId)
    .where("version", "=", version)
    .execute();
}

async function retire(transaction: Transaction<Schema>, tokenId: string, version: number): Promise<void> {
  const secret = transaction.selectFrom("service_token_secrets").where("token_id", "=", tokenId);
  const { hash } = await secret.where("version", "=", version).select("hash").executeTakeFirstOrThrow();
  // One that was lost, and made again, leaves its number to the one that somebody had.
  await transaction
    .insertInto("retired_secrets")
    .values({ token_id: tokenId, version, hash })
    .onConflict((conflict) => conflict.columns(["token_id", "version"]).doUpdateSet({ hash }))
    .execute();
  const gone = transaction.deleteFrom("service_token_secrets").where("token_id", "=", tokenId);
  await gone.where("version", "=", version).execute();
}
