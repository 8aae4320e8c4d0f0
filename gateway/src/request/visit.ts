import { STATUS_CODES } from "node:http";
import { continueTrace, randomHex, type Trace } from "@gatehouse/service";
import type { Application } from "../policies/model.ts";
import type { ClientRequest, ClientResponse } from "../proxy/client-message.ts";
import { hasBody } from "../proxy/framing.ts";
import { headerValues } from "../proxy/headers.ts";
import type { Upgrade } from "../proxy/websocket.ts";
import type { Authentication } from "./authenticate.ts";
import type { RequestFacts } from "./authorize.ts";
import type { Reply } from "./reply.ts";

/** One request from its arrival to its line in the log. */
export interface Visit {
  readonly request: ClientRequest;
  readonly response: ClientResponse;
  /** Set when the client asks for a WebSocket. */
  readonly upgrade: Upgrade | undefined;
  readonly facts: RequestFacts;
  readonly rayId: string;
  readonly trace: Trace;
  /** What the log will say; filled in as it becomes known. */
  readonly record: VisitRecord;
  readonly startedAt: number;
}

export interface VisitRecord {
  path?: string;
  host?: string;
  application?: Application;
  /** Which kind of credential the client showed. */
  credential?: "pair" | "token" | "none" | "refused";
  decision?: "allowed" | "bypassed" | "refused" | "answered";
  reason?: string;
  policy?: string;
  subject?: undefined | { kind: "service_token"; clientId: string } | { kind: "person"; email: string };
  /** A secret was shown that should not be in use any more. */
  oldSecret?: Authentication["oldSecret"];
  /** A JWT was signed for this request's pair, or for one at the same moment. */
  isExchange?: boolean;
  /** More about the reason, for the operator. */
  detail?: string;
  originMs?: number;
  /** What broke in the gateway itself. */
  error?: unknown;
}

const RAY_BYTES = 8;

export function openVisit(
  request: ClientRequest,
  response: ClientResponse,
  facts: RequestFacts,
  upgrade?: Upgrade,
): Visit {
  const traceparents = headerValues(request.rawHeaders, "traceparent");
  return {
    request,
    response,
    upgrade,
    facts,
    rayId: newRayId(),
    trace: continueTrace(traceparents.length === 1 ? traceparents[0] : undefined),
    record: {},
    startedAt: performance.now(),
  };
}

export function newRayId(): string {
  return randomHex(RAY_BYTES);
}

/** Who it was, or which token was named. */
export function describeSubject(authentication: Authentication): VisitRecord["subject"] {
  if (!authentication.ok) {
    const { clientId } = authentication;
    return clientId === undefined ? undefined : { kind: "service_token", clientId };
  }
  const { subject } = authentication;
  return subject.kind === "person"
    ? { kind: "person", email: subject.email }
    : { kind: "service_token", clientId: subject.clientId };
}

/** Sends an answer of the gateway's own. A body that nobody read is not waited for: the connection closes. */
export function answer({ request, response }: Visit, { status, headers, body }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  if (hasBody(request) && !request.complete) response.shouldKeepAlive = false;
  const raw = Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one]));
  // With its own words: those of an origin whose answer could not be passed on may be what was wrong with it.
  response.writeHead(status, STATUS_CODES[status], [...raw, "content-length", String(Buffer.byteLength(body))]);
  response.end(body, "utf8");
}
