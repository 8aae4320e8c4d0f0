import type { KeyObject } from "node:crypto";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Store } from "../store/store.ts";
import { keySetAt } from "./key-set.ts";
import type { SecretBox } from "./secret-box.ts";
import { makeSigningKey, openSigningKey, SIGNING_ALGORITHM, type SigningKey } from "./signing-key.ts";

export { SIGNING_ALGORITHM };

export interface SigningKeys {
  /** The key that signs now. */
  current(): Pick<SigningKey, "kid" | "privateKey" | "createdAtMs">;
  /** Any key that is published; only these verify, so an unknown kid costs no fetch and no read. */
  publicKey(kid: string): KeyObject | undefined;
  /** Whether this was a key of ours while this process ran: what it signed is no forgery, but ended with it. */
  hasEnded(kid: string): boolean;
  /** What `/cdn-cgi/access/certs` answers, JSON: `keys`, `public_cert`, `public_certs`. */
  certs(): string;
  /** Grows whenever the set changes: verifications made under another set do not count. */
  version(): number;
}

export interface SigningKeysDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly now: () => number;
}

/**
 * Loads the signing keys, makes the first one on a new store, and follows what any gateway does with them.
 *
 * @throws {GatewayError} `ERR_SECRET_KEY_MISMATCH`
 */
export async function openSigningKeys(deps: SigningKeysDeps): Promise<SigningKeys> {
  await makeFirstKey(deps);
  const { now } = deps;
  let keys = await loadKeys(deps);
  let set = keySetAt(keys, now());
  let version = 1;
  const ended = new Set<string>();
  const rebuild = () => {
    const before = set.byKid;
    set = keySetAt(keys, now());
    for (const kid of before.keys()) if (!set.byKid.has(kid)) ended.add(kid);
    version += 1;
  };
  deps.feed.subscribe("signing_key", async () => {
    keys = await loadKeys(deps);
    rebuild();
  });
  /** By the clock a key begins to sign, or ends, without a change in the store. */
  const present = () => {
    if (now() >= set.changesAtMs) rebuild();
    return set;
  };
  return {
    current: () => present().signer,
    publicKey: (kid) => present().byKid.get(kid)?.publicKey,
    hasEnded: (kid) => ended.has(kid),
    certs: () => present().certs,
    version: () => {
      present();
      return version;
    },
  };
}

async function loadKeys({ store, box }: SigningKeysDeps): Promise<readonly SigningKey[]> {
  const rows = await store.selectFrom("signing_keys").selectAll().execute();
  return rows.map((row) => openSigningKey(row, box));
}

/** Of several gateways that start on a new database, one makes it: who records a change has the others wait. */
async function makeFirstKey({ store, feed, box, now }: SigningKeysDeps): Promise<void> {
  if ((await store.selectFrom("signing_keys").select("kid").limit(1).execute()).length > 0) return;
  const row = await makeSigningKey(box, { nowMs: now(), signsFromMs: now() });
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "signing_key", row.kid, now());
    const known = await transaction.selectFrom("signing_keys").select("kid").limit(1).execute();
    if (known.length === 0) await transaction.insertInto("signing_keys").values(row).execute();
  });
  await feed.poll();
}
