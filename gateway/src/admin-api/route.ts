import type { By } from "../audit/event.ts";

/** What an API token may do. Named after the permission groups of Cloudflare's API tokens. */
export type ApiScope =
  /** "Access: Service Tokens" */
  | "service_tokens:read"
  | "service_tokens:write"
  /** "Access: Apps and Policies" */
  | "apps:read"
  | "apps:write"
  /** "Access: Organizations, Identity Providers, and Groups"; signing keys too. */
  | "organization:read"
  | "organization:write"
  /** "Access: Users": people, their sessions, revoking them. */
  | "users:read"
  | "users:write"
  /** "Access: Audit Logs" */
  | "audit_logs:read";

/** A call that was authenticated and whose body was read. */
export interface ApiCall {
  /** Values of the `:names` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there was none. Checked by the route. */
  readonly body: unknown;
  /** Who calls, for the audit log. */
  readonly by: By;
  /** Whether the caller says that it sends the call again, for the answer to the first did not reach it. */
  readonly isRetry: boolean;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly result: unknown;
  readonly resultInfo?: ResultInfo;
}

export interface ResultInfo {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  readonly total_pages: number;
}

/** One call of the admin API. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/client/v4/accounts/:account_id` (and `/client/v4/zones/:zone_id`): `/access/service_tokens/:token_id`. */
  readonly path: string;
  readonly scope: ApiScope;
  /** Whether it is served under `/accounts` only, as Cloudflare does for some. Default false. */
  readonly isAccountOnly?: boolean;
  /** @throws {ApiError} what the caller did wrong. Anything else is a 500 that says nothing. */
  handle(call: ApiCall): Promise<ApiAnswer>;
}
