import type { Referrer } from "../policies/referrers.ts";
import type { Store } from "../store/store.ts";

/** The stored policies and groups that name a token, found without a configuration in memory: an id is in no document by chance. */
export async function storedReferrers(store: Store, tokenId: string): Promise<readonly Referrer[]> {
  const pattern = `%${tokenId}%`;
  const policies = await store
    .selectFrom("policies")
    .select(["id", "document"])
    .where("document", "like", pattern)
    .execute();
  const groups = await store
    .selectFrom("groups")
    .select(["id", "document"])
    .where("document", "like", pattern)
    .execute();
  return [...policies.map((row) => referrerOf("policy", row)), ...groups.map((row) => referrerOf("group", row))];
}

function referrerOf(
  kind: Referrer["kind"],
  { id, document }: { readonly id: string; readonly document: string },
): Referrer {
  const { name = id } = JSON.parse(document) as { name?: string };
  return { kind, id, name, applications: [] };
}
