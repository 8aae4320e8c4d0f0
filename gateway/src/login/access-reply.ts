import type { RequestFacts } from "../request/authorize.ts";
import type { Reply } from "../request/reply.ts";
import type { Requester } from "../request/requester.ts";
import type { Target } from "../request/target.ts";

/** A request for one of the gateway's own endpoints. */
export interface AccessRequest {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly cookieHeaders: readonly string[];
  readonly userAgent: string;
  readonly requester: Requester;
  readonly facts: RequestFacts;
  readonly rayId: string;
}

/** An answer, and what the log should say about it. */
export interface AccessReply {
  readonly reply: Reply;
  readonly event: string;
}

export function redirect(location: string, rayId: string, cookies: readonly string[]): Reply {
  const headers = { location, "cf-ray": rayId, "cache-control": "no-store", "set-cookie": cookies };
  return { status: 302, headers, body: "" };
}

/** A parameter's only value: given twice it counts as absent, for two readers could take different ones. */
export function single(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  return more.length === 0 ? value : undefined;
}

export function jsonReply(body: unknown, rayId: string, cookies: readonly string[] = []): Reply {
  const headers = { "content-type": "application/json", "cf-ray": rayId, "cache-control": "no-store" };
  return { status: 200, headers: { ...headers, "set-cookie": cookies }, body: `${JSON.stringify(body)}\n` };
}
