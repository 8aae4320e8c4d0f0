import { startTrace } from "@gatehouse/service";
import { BotError } from "../errors.ts";
import type { StatsClient } from "../stats-client.ts";
import type { DataHealth, Health } from "./facts.ts";

/** An admin waits for the card: what takes longer is not well. */
const TIMEOUT_MS = 5_000;

/** Two real requests: one through the gateway that costs the app nothing, then one for what the app knows of its data. */
export async function checkHealth(
  stats: Pick<StatsClient, "me" | "metrics">,
  now: () => number,
): Promise<{ readonly gateway: Health; readonly data: DataHealth }> {
  const startedMs = now();
  try {
    await stats.me(startTrace(), TIMEOUT_MS);
  } catch (error) {
    const problem = problemOf(error);
    if (!isOfApp(error)) {
      return { gateway: { kind: isUnreachable(error) ? "unreachable" : "down", problem }, data: { kind: "not_asked" } };
    }
    return { gateway: { kind: "up", elapsedMs: now() - startedMs }, data: { kind: "down", problem } };
  }
  return { gateway: { kind: "up", elapsedMs: now() - startedMs }, data: await checkData(stats, now) };
}

async function checkData(stats: Pick<StatsClient, "metrics">, now: () => number): Promise<DataHealth> {
  const startedMs = now();
  try {
    const { dataRange } = await stats.metrics(startTrace(), TIMEOUT_MS);
    return { kind: "up", elapsedMs: now() - startedMs, newestEventAt: dataRange?.to ?? null };
  } catch (error) {
    return { kind: "down", problem: problemOf(error) };
  }
}

/** An answer came through the gateway, and was none of the app's good ones: only what never came has a cause. */
function isOfApp(error: unknown): boolean {
  return error instanceof BotError && error.cause === undefined;
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof BotError)) return false;
  return error.code === "ERR_BOT_STATS_UNAVAILABLE" || error.code === "ERR_BOT_STATS_TIMEOUT";
}

function problemOf(error: unknown): string {
  return error instanceof BotError ? error.message : "It cannot be asked; my log says why.";
}
