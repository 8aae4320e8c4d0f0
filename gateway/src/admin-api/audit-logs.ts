import { pipeline } from "node:stream/promises";
import { type RequestHandler, Router } from "express";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import type { AdminMount } from "./app.ts";
import { readAuditFilter } from "./audit-query.ts";
import { choiceOf, countOf, wrongQuery } from "./query-values.ts";
import type { ApiRoute } from "./route.ts";
import { lifeOf } from "./stream-life.ts";
import { tailOf } from "./tail.ts";

export interface AuditLogsDeps {
  readonly audit: Pick<AuditLog, "query" | "scan" | "follow">;
  /** Aborted when the gateway stops. */
  readonly stopping: AbortSignal;
  /** Whether an API token, as it was when a stream was asked for with it, is still good. */
  readonly isLive: (caller: LiveApiToken) => boolean;
}

const COLLECTION = "/access/logs/audit";
const MAX_PAGE_LINES = 1_000;

/** The audit log, ours: richer than `access_requests`, which Cloudflare has. */
export function auditLogRoutes({ audit }: Pick<AuditLogsDeps, "audit">): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: COLLECTION,
      scope: "audit_logs:read",
      isAccountOnly: true,
      async handle({ query, signal }) {
        const filter = readAuditFilter(query, ["limit", "before"]);
        const limit = countOf(query, "limit") ?? 50;
        if (limit < 1 || limit > MAX_PAGE_LINES) throw wrongQuery(`limit is 1 to ${MAX_PAGE_LINES}.`);
        return { result: await audit.query(filter, { limit, before: countOf(query, "before"), signal }) };
      },
    },
  ];
}

/** What has no end, or may be long: `/export` as NDJSON, the oldest line first, and `/tail`, what is written from now on. */
export function auditLogMounts(deps: AuditLogsDeps): readonly AdminMount[] {
  const path = `/client/v4/accounts/:account_id${COLLECTION}`;
  const scope = "audit_logs:read";
  return [
    { path: `${path}/export`, scope, handler: Router().get("/", exportLines(deps)) },
    { path: `${path}/tail`, scope, handler: Router().get("/", tailLines(deps)) },
  ];
}

function exportLines({ audit, stopping, isLive }: AuditLogsDeps): RequestHandler {
  return async (request, response) => {
    const query = queryOf(request.url);
    const filter = readAuditFilter(query, ["direction"]);
    const isDown = choiceOf(query, "direction", ["asc", "desc"]) === "desc";
    const signal = lifeOf(response, isLive);
    stopping.addEventListener("abort", () => response.destroy(), { signal });
    response.setHeader("content-type", "application/x-ndjson");
    response.setHeader("content-disposition", 'attachment; filename="audit.ndjson"');
    const batches = audit.scan(filter, { direction: isDown ? "newest_first" : "oldest_first", signal });
    await sendAll(response, async function* () {
      for await (const lines of batches) yield lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    });
  };
}

function tailLines({ audit, stopping, isLive }: AuditLogsDeps): RequestHandler {
  return async (request, response) => {
    const query = queryOf(request.url);
    const filter = readAuditFilter(query, ["after", "format"]);
    const wantsEvents = request.headers.accept?.includes("text/event-stream") ?? false;
    const format = choiceOf(query, "format", ["sse", "ndjson"]) ?? (wantsEvents ? "sse" : "ndjson");
    const after = lastEventId(request.headers["last-event-id"]) ?? countOf(query, "after");
    const signal = AbortSignal.any([lifeOf(response, isLive), stopping]);
    response.setHeader("content-type", format === "sse" ? "text/event-stream" : "application/x-ndjson");
    response.flushHeaders();
    await sendAll(response, () => tailOf(audit.follow(filter, signal, after), format));
  };
}

/** As fast as the other side takes it, until it leaves. A failure, once the head is out, can only be told by breaking off. */
async function sendAll(response: Parameters<RequestHandler>[1], chunks: () => AsyncIterable<string>): Promise<void> {
  let failure: unknown;
  const watched = async function* () {
    try {
      yield* chunks();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  await pipeline(watched, response).catch(() => {
    if (failure !== undefined) throw failure;
  });
}

function queryOf(url: string): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : url.slice(at + 1));
}

/** What a browser's EventSource sends when it connects again. */
function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
