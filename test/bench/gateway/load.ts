import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OTHER_CORE, type Run, run } from "./processes.ts";

/** One client's way in: the headers that it sends with every request. */
export type Headers = Readonly<Record<string, string>>;

export interface LoadOptions {
  readonly wrk: string;
  readonly folder: string;
  readonly seconds: number;
  readonly connections: number;
  /** Mean pause of a connection between two requests; none for as fast as it goes. */
  readonly pauseMs?: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A load under way, which may be paused. */
export interface Load extends Omit<Run, "output"> {
  readonly result: Promise<LoadResult>;
}

/**
 * Loads one server with wrk. The clients take turns, request by request.
 *
 * @throws {Error} when any request failed: figures of refusals would be worth nothing.
 */
export async function load(url: string, clients: readonly Headers[], options: LoadOptions): Promise<LoadResult> {
  return startLoad(url, clients, options).result;
}

export function startLoad(url: string, clients: readonly Headers[], options: LoadOptions): Load {
  const { wrk, folder, seconds, connections } = options;
  const script = join(folder, `load-${randomUUID()}.lua`);
  writeFileSync(script, scriptOf(clients, options.pauseMs));
  const args = ["-t1", "--timeout", "10s", `-c${connections}`, `-d${seconds}s`, "-s", script, url];
  const { output, ...controls } = run({ program: wrk, args, core: OTHER_CORE });
  return { ...controls, result: output.then(readResult) };
}

/** Requests are put together before the clock starts. Pauses are spread evenly between nothing and twice the mean. */
function scriptOf(clients: readonly Headers[], pauseMs: number | undefined): string {
  const tables = clients.map((headers) => {
    const fields = Object.entries(headers).map(([name, value]) => `[${JSON.stringify(name)}]=${JSON.stringify(value)}`);
    return `{${fields.join(",")}}`;
  });
  const pause = pauseMs === undefined ? "" : `function delay() return math.random(0, ${Math.round(2 * pauseMs)}) end`;
  return `
local clients = {${tables.join(",\n")}}
local requests, turn = {}, 0
function init() for i, headers in ipairs(clients) do requests[i] = wrk.format("GET", nil, headers) end end
function request() turn = turn % #requests + 1 return requests[turn] end
${pause}
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end`;
}

function readResult(output: string): LoadResult {
  const line = /^RESULT (.+)$/m.exec(output)?.[1];
  const [requests = Number.NaN, us = Number.NaN, p50 = Number.NaN, p99 = Number.NaN, failed] = (line ?? "")
    .split(" ")
    .map(Number);
  if (failed !== 0) throw new Error(`${failed} requests failed:\n${output}`);
  return { requests, requestsPerSecond: requests / (us / 1e6), p50Ms: p50 / 1_000, p99Ms: p99 / 1_000 };
}
