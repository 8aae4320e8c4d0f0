import { listAll } from "../api/client.ts";
import { type Resource, useResource } from "../kit/resource.ts";
import type { Names } from "./rule.ts";

interface Named {
  readonly id: string;
  readonly name: string;
}

const PATHS = {
  tokens: "/access/service_tokens",
  groups: "/access/groups",
  providers: "/access/identity_providers",
} as const;

/** What rules name by id. What the signed-in token may not read stays an id. */
export function useNames(): Resource<Names> {
  return useResource(async (signal) => {
    const [tokens, groups, providers] = await Promise.all([
      namesAt(PATHS.tokens, signal),
      namesAt(PATHS.groups, signal),
      namesAt(PATHS.providers, signal),
    ]);
    return { tokens, groups, providers };
  }, []);
}

async function namesAt(path: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const items = await listAll<Named>(path, signal).catch(() => []);
  return new Map(items.map(({ id, name }) => [id, name]));
}
