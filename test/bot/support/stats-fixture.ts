import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { closeServer, listen } from "@gatehouse/service";
import type { Catalogue, Point, StatsAnswer, StatsQuery } from "../../../bot/src/stats-api.ts";

interface StatsCall {
  readonly method: string;
  readonly path: string;
  readonly traceparent: string | undefined;
  readonly query?: StatsQuery;
}

/** A stats app that speaks docs/stats-api.md with made-up numbers: each day of a range counts 100. */
export interface StatsFixture {
  readonly url: string;
  readonly calls: StatsCall[];
  /** Overrides the next answers, until set back to undefined. */
  respond: ((request: IncomingMessage, response: ServerResponse, query?: StatsQuery) => void) | undefined;
  close(): Promise<void>;
}

export async function startStatsFixture(catalogue: Catalogue): Promise<StatsFixture> {
  const calls: StatsCall[] = [];
  const fixture: { respond: StatsFixture["respond"] } = { respond: undefined };
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = Buffer.concat(await request.toArray()).toString();
    const query = text === "" ? undefined : (JSON.parse(text) as StatsQuery);
    const { method = "", url: path = "" } = request;
    // The exchange's HEAD request is the access client's own business.
    if (method === "HEAD") return void response.writeHead(200).end();
    calls.push({ method, path, traceparent: request.headers["traceparent"] as string, ...(query && { query }) });
    if (fixture.respond !== undefined) return fixture.respond(request, response, query);
    const found = path === "/api/v1/metrics" ? catalogue : query && answerTo(query, catalogue);
    const body = path === "/api/v1/me" ? { kind: "service", clientId: "fixture" } : found;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const port = await listen(server, { what: "the stats fixture", host: "127.0.0.1", port: 0 });
  return Object.assign(fixture, { url: `http://127.0.0.1:${port}`, calls, close: () => closeServer(server, 100) });
}

const DAILY = 100;

/** The answer of a product that has the same numbers every day. */
function answerTo(query: StatsQuery, catalogue: Catalogue): StatsAnswer {
  const metric = catalogue.metrics.find(({ name }) => name === query.metric) ?? catalogue.metrics[0];
  if (metric === undefined) throw new TypeError("The fixture's catalogue has no metrics.");
  const timeZone = query.range.timeZone ?? catalogue.timeZone;
  const from = Temporal.PlainDateTime.from(query.range.from);
  const to = Temporal.PlainDateTime.from(query.range.to);
  const days = from.until(to, { largestUnit: "days" }).days;
  const at = (date: Temporal.PlainDateTime): string =>
    date.toZonedDateTime(timeZone).toString({ timeZoneName: "never" });
  const series = (start: Temporal.PlainDateTime, value: number): Point[] =>
    Array.from({ length: days }, (_, index) => ({
      start: at(start.add({ days: index })),
      end: at(start.add({ days: index + 1 })),
      value,
      isPartial: false,
    }));
  const granularity = query.granularity ?? "day";
  const total = days * DAILY;
  const before = from.subtract({ days });
  const change = { absolute: total - days * 80, ratio: 0.25 };
  const dimension = catalogue.dimensions.find(({ name }) => name === query.breakdown);
  return {
    query: {
      metric: metric.name,
      range: { ...query.range, timeZone },
      granularity,
      breakdown: query.breakdown ?? null,
      filters: [...(query.filters ?? [])],
      compare: query.compare ?? "none",
      limit: query.limit ?? 10,
    },
    metric,
    range: { from: at(from), to: at(to), timeZone },
    total,
    series: granularity === "none" ? [] : series(from, DAILY),
    breakdown:
      dimension === undefined
        ? null
        : {
            dimension: dimension.name,
            groups: dimension.values.slice(0, query.limit ?? 10).map(({ value, title }, index) => ({
              value,
              title,
              total: Math.round(total / (index + 2)),
              share: 1 / (index + 2),
              series: granularity === "none" ? [] : series(from, DAILY / (index + 2)),
              comparison:
                query.compare === "none"
                  ? null
                  : { total: Math.round(total / (index + 3)), change: { absolute: 10, ratio: 0.1 } },
            })),
            others: null,
          },
    comparison:
      query.compare === undefined || query.compare === "none"
        ? null
        : {
            kind: query.compare,
            range: { from: at(before), to: at(from), timeZone },
            total: days * 80,
            change,
            series: granularity === "none" ? [] : series(before, 80),
            isSamePart: false,
            isBeforeData: false,
          },
    partial: null,
    freshness: { earliestEventAt: "2025-01-01T00:00:00Z", latestEventAt: "2026-11-23T17:59:00Z" },
    elapsedMs: 12,
  };
}
