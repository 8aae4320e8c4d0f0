import type { Channel } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import type * as OpenTelemetry from "@opentelemetry/api";
import { AccessRequestError } from "./request-error.ts";
import { CHANNELS, type ExchangeMessage, type RequestMessage } from "./telemetry.ts";

type Api = typeof OpenTelemetry;
type Attributes = OpenTelemetry.Attributes;

const TRACER = "@gatehouse/access-client";
/** `SpanStatusCode.ERROR`, which is a value of a package that may be absent. */
const ERROR_STATUS = 2;
let isTracing = false;

/**
 * Makes spans of the channels' messages when the program has `@opentelemetry/api` and has registered a tracer provider:
 * `access.request` for each request, its wait for a token and its replay included, and `access.exchange` for each exchange.
 * Both are children of the caller's active span and of kind INTERNAL: the HTTP spans and their propagation are undici's
 * instrumentation's affair. Attributes follow OpenTelemetry's HTTP conventions; no query, no header, no secret.
 */
export function traceWithOpenTelemetry(): void {
  if (isTracing) return;
  const api = loadApi();
  if (api === undefined || !isProviderRegistered(api)) return;
  isTracing = true;
  const tracer = api.trace.getTracer(TRACER);
  follow<RequestMessage>(CHANNELS.requestStart, CHANNELS.requestEnd, {
    start: (message) => tracer.startSpan("access.request", { attributes: requestAttributes(message) }),
    end: requestOutcome,
  });
  follow<ExchangeMessage>(CHANNELS.exchangeStart, CHANNELS.exchangeEnd, {
    start: (message) => tracer.startSpan("access.exchange", { attributes: exchangeAttributes(message) }),
    end: exchangeOutcome,
  });
}

/** By `require`, for a span must not be missed because its package is still loading. */
function loadApi(): Api | undefined {
  try {
    return createRequire(import.meta.url)("@opentelemetry/api") as Api;
  } catch {
    return undefined;
  }
}

/** Many programs have the package and no provider; they are not to pay for spans that nobody records. */
function isProviderRegistered({ trace }: Api): boolean {
  const provider = trace.getTracerProvider() as Partial<OpenTelemetry.ProxyTracerProvider>;
  return provider.getDelegateTracer === undefined || provider.getDelegateTracer(TRACER) !== undefined;
}

interface Spans<Message> {
  start(message: Message): OpenTelemetry.Span;
  end(message: Message): Attributes;
}

function follow<Message extends { error?: unknown }>(start: Channel, end: Channel, make: Spans<Message>): void {
  const spans = new WeakMap<object, OpenTelemetry.Span>();
  start.subscribe((message) => void spans.set(message as object, make.start(message as Message)));
  end.subscribe((message) => {
    const { error } = message as Message;
    const span = spans.get(message as object)?.setAttributes(make.end(message as Message));
    if (error !== undefined) span?.setAttributes(errorAttributes(error)).setStatus(errorStatus(error));
    span?.end();
  });
}

function requestAttributes({ origin, method, path }: RequestMessage): Attributes {
  return { ...serverAttributes(origin), "http.request.method": method, "url.path": path };
}

function exchangeAttributes({ origin, clientId }: ExchangeMessage): Attributes {
  return { ...serverAttributes(origin), "gatehouse.access.client_id": clientId };
}

function serverAttributes(origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  const standardPort = protocol === "https:" ? 443 : 80;
  return { "server.address": hostname, "server.port": port === "" ? standardPort : Number(port) };
}

function requestOutcome({ status, isReplayed }: RequestMessage): Attributes {
  return {
    ...(status !== undefined && { "http.response.status_code": status }),
    ...(isReplayed === true && { "http.request.resend_count": 1 }),
  };
}

function exchangeOutcome({ mode }: ExchangeMessage): Attributes {
  return mode === undefined ? {} : { "gatehouse.access.mode": mode };
}

function errorAttributes(error: unknown): Attributes {
  const { code, name } = error as NodeJS.ErrnoException;
  const { reason, rayId, status } = error instanceof AccessRequestError ? error : {};
  return {
    "error.type": code ?? name ?? "_OTHER",
    ...(status !== undefined && { "http.response.status_code": status }),
    ...(reason !== undefined && { "gatehouse.access.reason": reason }),
    ...(rayId !== undefined && { "gatehouse.access.ray_id": rayId }),
  };
}

function errorStatus(error: unknown): OpenTelemetry.SpanStatus {
  return { code: ERROR_STATUS, message: error instanceof Error ? error.message : String(error) };
}
