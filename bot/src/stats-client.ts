import {
  type AccessClient,
  type AccessClientOptions,
  AccessError,
  type AccessStats,
  createAccessClient,
} from "@gatehouse/access-client";
import type { Trace } from "@gatehouse/service";
import type { z } from "zod";
import type { StatsConfig } from "./config.ts";
import { BotError } from "./errors.ts";
import {
  answerSchema,
  type Catalogue,
  catalogueSchema,
  failureSchema,
  gateSchema,
  meSchema,
  type StatsAnswer,
  type StatsQuery,
} from "./stats-api.ts";

/** The stats app, as the bot uses it. Every call carries the question's trace. */
export interface StatsClient {
  /** Whom the gateway lets in: nothing but the way there and back. @throws {BotError} `ERR_BOT_STATS_*` */
  me(trace: Trace, timeoutMs?: number): Promise<void>;
  /** @throws {BotError} `ERR_BOT_STATS_*` */
  metrics(trace: Trace, timeoutMs?: number): Promise<Catalogue>;
  /** @throws {BotError} `ERR_BOT_STATS_*` */
  query(query: StatsQuery, trace: Trace): Promise<StatsAnswer>;
  /** How the service token is doing. */
  access(): AccessStats;
  close(): Promise<void>;
}

/** Only what is used of it, so that a test may pass its own. */
export type StatsTransport = Pick<AccessClient, "request" | "stats" | "close">;

/** Where the pair is exchanged: quick, and behind the same policies as the rest. */
export const EXCHANGE_PATH = "/api/v1/me";
/** An answer of a hundred groups with a series each stays well below. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Talks to the stats app through the gateway, with the service token's pair. */
export function createStatsClient(
  config: StatsConfig,
  transport: StatsTransport = openStatsTransport(config),
): StatsClient {
  const { timeoutMs } = config;
  const get = (path: string, trace: Trace, limitMs: number) => send(transport, path, { method: "GET" }, trace, limitMs);
  return {
    me: async (trace, limitMs = timeoutMs) => void read(await get(EXCHANGE_PATH, trace, limitMs), meSchema),
    metrics: async (trace, limitMs = timeoutMs) => read(await get("/api/v1/metrics", trace, limitMs), catalogueSchema),
    query: async (query, trace) => {
      const request = { method: "POST" as const, body: JSON.stringify(query), contentType: "application/json" };
      return read(await send(transport, "/api/v1/query", request, trace, timeoutMs), answerSchema);
    },
    access: () => transport.stats(),
    close: () => transport.close(),
  };
}

/** The way to the stats app, and to nothing else. */
export function openStatsTransport(
  { url, credentials, timeoutMs }: StatsConfig,
  onRotated?: AccessClientOptions["onRotated"],
): AccessClient {
  return createAccessClient({
    origin: url,
    credentials,
    timeoutMs,
    exchangePath: EXCHANGE_PATH,
    ...(onRotated && { onRotated }),
  });
}

interface Received {
  readonly status: number;
  readonly text: string;
}

async function send(
  transport: StatsTransport,
  path: string,
  { method, body, contentType }: { method: "GET" | "POST"; body?: string; contentType?: string },
  { traceparent }: Trace,
  timeoutMs: number,
): Promise<Received> {
  try {
    const response = await transport.request(path, {
      method,
      headers: { accept: "application/json", traceparent, ...(contentType && { "content-type": contentType }) },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.statusCode, text: await readText(response.body) };
  } catch (cause) {
    throw transportError(cause, timeoutMs);
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES)
      throw new BotError("ERR_BOT_STATS_ANSWER_INVALID", `The answer has more than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function transportError(cause: unknown, timeoutMs: number): BotError {
  if (cause instanceof BotError) return cause;
  const name = cause instanceof Error ? cause.name : "";
  if (cause instanceof AccessError) {
    const code = ACCESS_CODES[cause.code] ?? "ERR_BOT_STATS_UNAVAILABLE";
    return new BotError(code, `${cause.message} ${cause.advice}`, { cause });
  }
  if (
    name === "TimeoutError" ||
    name === "HeadersTimeoutError" ||
    name === "BodyTimeoutError" ||
    name === "ConnectTimeoutError"
  ) {
    return new BotError("ERR_BOT_STATS_TIMEOUT", `The stats app did not answer within ${timeoutMs} ms.`, { cause });
  }
  return new BotError("ERR_BOT_STATS_UNAVAILABLE", `The stats app cannot be reached (${codeOf(cause)}).`, { cause });
}

const ACCESS_CODES: Readonly<Partial<Record<string, BotError["code"]>>> = {
  ERR_ACCESS_UNAUTHENTICATED: "ERR_BOT_STATS_UNAUTHENTICATED",
  ERR_ACCESS_LOGIN_REDIRECT: "ERR_BOT_STATS_UNAUTHENTICATED",
  ERR_ACCESS_LOGIN_PAGE: "ERR_BOT_STATS_UNAUTHENTICATED",
  ERR_ACCESS_CREDENTIALS_MISSING: "ERR_BOT_STATS_UNAUTHENTICATED",
  ERR_ACCESS_CREDENTIALS_UNREADABLE: "ERR_BOT_STATS_UNAUTHENTICATED",
  ERR_ACCESS_FORBIDDEN: "ERR_BOT_STATS_FORBIDDEN",
  ERR_ACCESS_TIMEOUT: "ERR_BOT_STATS_TIMEOUT",
};

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown reason";
}

function read<Schema extends z.ZodType>({ status, text }: Received, schema: Schema): z.output<Schema> {
  const body = parseJson(text);
  if (status !== 200) throw statusError(status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new BotError(
    "ERR_BOT_STATS_ANSWER_INVALID",
    `The stats app's answer breaks its contract: ${places.join("; ")}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the asker can do something about, whatever the status. */
const FAILURE_CODES: Readonly<Partial<Record<string, BotError["code"]>>> = {
  ERR_QUERY_TIMEOUT: "ERR_BOT_STATS_TIMEOUT",
  ERR_QUERY_TOO_MANY_BUCKETS: "ERR_BOT_STATS_TOO_MANY_POINTS",
};

function statusError(status: number, body: unknown): BotError {
  const failure = failureSchema.safeParse(body).data?.error;
  const gate = gateSchema.safeParse(body).data;
  const problems = failure?.problems?.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const detail = [`${status}`, failure?.code ?? gate?.reason, failure?.message ?? gate?.message, problems]
    .filter((part) => part)
    .join(" ");
  const message = `The ${gate === undefined ? "stats app" : "gateway"} refused: ${detail}`;
  const known = FAILURE_CODES[failure?.code ?? ""];
  if (known !== undefined) return new BotError(known, message);
  if (status === 401) return new BotError("ERR_BOT_STATS_UNAUTHENTICATED", message);
  if (status === 403) return new BotError("ERR_BOT_STATS_FORBIDDEN", message);
  if (status === 504 || status === 408) return new BotError("ERR_BOT_STATS_TIMEOUT", message);
  if (status < 400 || status >= 500 || status === 429) return new BotError("ERR_BOT_STATS_UNAVAILABLE", message);
  if (failure === undefined) {
    const strange = `What answered ${status} does not speak as a stats app does: check STATS_URL.`;
    return new BotError("ERR_BOT_STATS_ANSWER_INVALID", strange);
  }
  return new BotError("ERR_BOT_STATS_QUERY_REFUSED", message, { suggestions: failure.suggestions ?? [] });
}
