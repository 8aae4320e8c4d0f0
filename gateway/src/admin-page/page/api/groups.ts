import type { RuleLists } from "../rules/rule.ts";
import { listAll, send } from "./client.ts";

export interface GroupDraft extends RuleLists {
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface Group extends GroupDraft {
  readonly id: string;
}

export const NEW_GROUP: GroupDraft = { name: "", include: [], require: [], exclude: [] };

const NOT_WRITTEN: ReadonlySet<string> = new Set([
  "id",
  "created_at",
  "updated_at",
  "managed_by",
  "read_only",
  "problems",
]);

export function draftOf(group: Group): GroupDraft {
  return Object.fromEntries(Object.entries(group).filter(([name]) => !NOT_WRITTEN.has(name))) as GroupDraft;
}

const PATH = "/access/groups";

export function listGroups(signal: AbortSignal): Promise<readonly Group[]> {
  return listAll(PATH, signal);
}

export function saveGroup(id: string | undefined, draft: GroupDraft): Promise<Group> {
  return id === undefined ? send("POST", PATH, draft) : send("PUT", `${PATH}/${id}`, draft);
}

export async function deleteGroup(id: string): Promise<void> {
  await send("DELETE", `${PATH}/${id}`);
}
