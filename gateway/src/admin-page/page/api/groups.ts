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
