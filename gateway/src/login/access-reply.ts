import type { Reply } from "../request/refusal.ts";
import type { Target } from "../request/target.ts";

/** A request for one of the gateway's own endpoints. */
export interface AccessRequest {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly cookieHeaders: readonly string[];
  readonly ip: string;
  readonly rayId: string;
}

/** An answer, and what the log should say about it. */
export interface AccessReply {
  readonly reply: Reply;
  readonly event: string;
}
