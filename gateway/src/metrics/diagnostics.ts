import { channel } from "node:diagnostics_channel";
import type { AuditEvent } from "../audit/event.ts";

/** Published on `gatehouse:gateway:request` when a request was answered. */
export interface RequestMessage {
  readonly rayId: string;
  /** W3C trace id. */
  readonly traceId: string;
  readonly ip: string;
  readonly method: string | undefined;
  readonly host: string | undefined;
  /** Without the query. */
  readonly path: string | undefined;
  readonly status: number;
  readonly decision: string | undefined;
  readonly reason: string | undefined;
  /** Name of the application. */
  readonly application: string | undefined;
  /** Name of the policy that decided. */
  readonly policy: string | undefined;
  readonly durationMs: number;
  readonly originMs: number | undefined;
}

const requests = channel("gatehouse:gateway:request");
const audits = channel("gatehouse:gateway:audit");

/** The message is made only when somebody listens. What a listener throws is an uncaught exception, as Node has it. */
export function publishRequest(message: () => RequestMessage): void {
  if (requests.hasSubscribers) requests.publish(message());
}

/** On `gatehouse:gateway:audit`: every `AuditEvent`, also those that a flood leaves out of the log. */
export function publishAudit(event: AuditEvent): void {
  if (audits.hasSubscribers) audits.publish(event);
}
