import type { RuleLists } from "../rules/rule.ts";
import { listAll, send } from "./client.ts";

/** What is written; fields that have no form come along as they are. */
export interface PolicyDraft extends RuleLists {
  readonly name: string;
  readonly decision: string;
  readonly session_duration?: string | null;
  readonly [field: string]: unknown;
}

export interface Policy extends PolicyDraft {
  readonly id: string;
  /** In an application: its place in the order of evaluation. */
  readonly precedence?: number;
  /** Whether it is shared between applications. */
  readonly reusable?: boolean;
  /** Of a reusable one: how many applications use it. */
  readonly app_count?: number;
  /** Why it does not work as it stands. */
  readonly problems?: readonly string[];
}

export const NEW_POLICY: PolicyDraft = { name: "", decision: "allow", include: [], require: [], exclude: [] };

/** Where the policies of an application are, or the reusable ones. */
export function policiesPath(applicationId?: string): string {
  return applicationId === undefined ? "/access/policies" : `/access/apps/${applicationId}/policies`;
}

export function listReusablePolicies(signal: AbortSignal): Promise<readonly Policy[]> {
  return listAll(policiesPath(), signal);
}

const NOT_WRITTEN: ReadonlySet<string> = new Set([
  "id",
  "created_at",
  "updated_at",
  "managed_by",
  "read_only",
  "problems",
  "reusable",
  "app_count",
]);

export function draftOf(policy: Policy): PolicyDraft {
  return Object.fromEntries(Object.entries(policy).filter(([name]) => !NOT_WRITTEN.has(name))) as PolicyDraft;
}

/** Makes it, or replaces the one with this id. */
export function savePolicy(path: string, id: string | undefined, draft: PolicyDraft): Promise<Policy> {
  return id === undefined ? send("POST", path, draft) : send("PUT", `${path}/${id}`, draft);
}

export async function deletePolicy(path: string, id: string): Promise<void> {
  await send("DELETE", `${path}/${id}`);
}
