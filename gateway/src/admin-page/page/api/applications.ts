import { get, type Listing, list, send } from "./client.ts";
import type { Policy } from "./policies.ts";

/** What is written; fields that have no form come along as they are. */
export interface ApplicationDraft {
  readonly name: string;
  readonly type: string;
  readonly domain: string;
  readonly origin?: string;
  readonly session_duration: string;
  readonly [field: string]: unknown;
}

export interface Application extends ApplicationDraft {
  readonly id: string;
  readonly aud: string;
  readonly destinations?: readonly { readonly uri?: string }[];
  readonly policies?: readonly Policy[];
  /** Whether it comes from the policy file, which alone can change it. */
  readonly read_only?: boolean;
  /** Why it is not served as it stands. */
  readonly problems?: readonly string[];
}

const PATH = "/access/apps";

export const NEW_APPLICATION: ApplicationDraft = {
  name: "",
  type: "self_hosted",
  domain: "",
  origin: "",
  session_duration: "24h",
};

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

export async function deleteApplication(id: string): Promise<void> {
  await send("DELETE", `${PATH}/${id}`);
}

/** Ends all sessions of the application; people whose login goes on are let in again at once. */
export async function revokeSessions(id: string): Promise<void> {
  await send("POST", `${PATH}/${id}/revoke_tokens`);
}
