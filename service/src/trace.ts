import { randomHex } from "./random-hex.ts";

/** One request's place in a trace, as W3C Trace Context defines it (https://www.w3.org/TR/trace-context/). */
export interface Trace {
  /** 32 lower-case hex digits, the same in every app that the question passes: our request id. */
  readonly traceId: string;
  /** The `traceparent` header to send on. */
  readonly traceparent: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;

/** Continues the trace of a received `traceparent` header with a span of our own; anything unreadable starts a new one. */
export function continueTrace(received?: string | readonly string[]): Trace {
  const match = typeof received === "string" && received.length <= 256 ? TRACEPARENT.exec(received) : null;
  return spanOf(match?.[1] ?? randomHex(16), match?.[2] ?? "01");
}

/** Starts a trace. */
export function startTrace(): Trace {
  return continueTrace();
}

function spanOf(traceId: string, flags: string): Trace {
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${flags}` };
}
