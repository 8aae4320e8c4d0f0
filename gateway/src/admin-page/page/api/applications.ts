import { get, type Listing, list, send } from "./client.ts";
import type { Policy } from "./policies.ts";

interface Destination {
  readonly type: "public";
  /** Host, with a path if needed. */
  readonly uri: string;
}

/** What is written; fields that have no form come along as they are. */
export interface ApplicationDraft {
  readonly name: string;
  readonly destinations: readonly Destination[];
  readonly origin?: string;
  readonly session_duration: string;
  readonly service_auth_401_redirect?: boolean;
  readonly [field: string]: unknown;
}

export interface Application extends ApplicationDraft {
  readonly id: string;
  readonly aud: string;
  /** The first destination. */
  readonly domain: string;
  readonly policies: readonly Policy[];
  /** Whether it comes from the policy file, which alone can change it. */
  readonly read_only: boolean;
  /** Why it is not served as it stands. */
  readonly problems?: readonly string[];
}

const PATH = "/access/apps";

/** What only answers have, and what says the same as another field; policies have calls of their own. */
const NOT_WRITTEN: ReadonlySet<string> = new Set([
  "id",
  "aud",
  "created_at",
  "updated_at",
  "managed_by",
  "read_only",
  "problems",
  "domain",
  "self_hosted_domains",
  "policies",
]);

export const NEW_APPLICATION: ApplicationDraft = { name: "", destinations: [], origin: "", session_duration: "24h" };

export function draftOf(application: Application): ApplicationDraft {
  const written = Object.entries(application).filter(([name]) => !NOT_WRITTEN.has(name));
  return Object.fromEntries(written) as ApplicationDraft;
}

export function listApplications(search: string, page: number, signal: AbortSignal): Promise<Listing<Application>> {
  return list(PATH, { search, page, per_page: 25 }, signal);
}

export function readApplication(id: string, signal: AbortSignal): Promise<Application> {
  return get(`${PATH}/${encodeURIComponent(id)}`, {}, signal);
}

export function saveApplication(id: string | undefined, draft: ApplicationDraft): Promise<Application> {
  // An empty field of the form is one that is left out.
  const { origin, ...rest } = draft;
  const body = origin === "" ? rest : draft;
  return id === undefined ? send("POST", PATH, body) : send("PUT", `${PATH}/${id}`, body);
}

/** Which policies it has, in this order: its own, which go when they are left out, and reusable ones. */
export async function setPolicies(application: Application, policyIds: readonly string[]): Promise<void> {
  await send("PUT", `${PATH}/${application.id}`, { ...draftOf(application), policies: policyIds });
}

export async function deleteApplication(id: string): Promise<void> {
  await send("DELETE", `${PATH}/${id}`);
}

/** Ends all sessions of the application; people whose login goes on are let in again at once. */
export async function revokeSessions(id: string): Promise<void> {
  await send("POST", `${PATH}/${id}/revoke_tokens`);
}
