import type { ApiServiceToken } from "../api/service-token.ts";
import { AdminError } from "../errors.ts";
import type { JournalEntry } from "./journal.ts";
import { SEEN_LAG_MS } from "./old-secret.ts";
import type { RotationDeps, RotationPlan } from "./plan.ts";

const POLL_MS = 2_000;
/** A bot that watches its file takes a second, and the gateway some more to tell of it. */
const TAKE_UP_MS = 8_000;
/** So many times longer is waited where nobody was seen to change over: a bot that asks rarely may still. */
const SILENT_TIMES = 10;
/** The API's clock is known to the second; a use this near to the proof may be the proof. */
const CLOCK_MARGIN_MS = 2_000;

/**
 * Whether somebody uses the new secret before the proof does. Waited for a little, and only where the old one was ever used: else
 * there is no bot yet that could.
 */
export async function isTakenUpSoon({ token }: RotationPlan, deps: RotationDeps): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const [current, previous] = (await deps.api.getToken(token.id)).client_secrets ?? [];
    if (current === undefined || previous === undefined) return false;
    if (current.last_seen_at !== null) return true;
    if (previous.last_seen_at === null || waitedMs >= TAKE_UP_MS) return false;
    deps.showProgress?.("Waiting for the bot to take up the new secret");
    await deps.sleep(POLL_MS);
  }
}

/**
 * Waits until nobody has used the old secret for a while, and ends it. A bot that is silent proves little: until the new secret was
 * used by somebody else than the proof, or where the old one never was, the wait is longer. An API that is away is waited for.
 */
export async function waitUntilUnused(plan: RotationPlan, entry: JournalEntry, deps: RotationDeps): Promise<void> {
  const { api, now, say } = deps;
  const provenMs = api.serverNowMs();
  let seen: string | null | undefined;
  let sinceMs = now();
  for (;;) {
    const token = await readPatiently(plan, deps);
    const [current, previous] = token.client_secrets ?? [];
    const end = endWithoutUs(token, entry, api.serverNowMs());
    if (end !== undefined) return say(end);
    // What is compared is the instant itself, by the API's clock; the time that it stays the same, by ours.
    if (previous?.last_seen_at !== seen) sinceMs = now();
    seen = previous?.last_seen_at;
    const isSeenAnew = instant(current?.last_seen_at) > provenMs + CLOCK_MARGIN_MS;
    const isTakenUp = entry.isTakenUp === true || seen === null || isSeenAnew;
    const neededMs = (isTakenUp ? plan.quietMs : plan.quietMs * SILENT_TIMES) + SEEN_LAG_MS;
    if (now() - sinceMs >= neededMs) break;
    deps.showProgress?.(progress(isTakenUp, now() - sinceMs, neededMs));
    await deps.sleep(POLL_MS);
  }
  const endsAt = new Date(api.serverNowMs()).toISOString();
  await api.updateToken(plan.token.id, { previous_client_secret_expires_at: endsAt });
  say("Nobody uses the old secret any more: it was ended.");
}

/** Why there is nothing here to end. */
function endWithoutUs(token: ApiServiceToken, { version }: JournalEntry, nowMs: number): string | undefined {
  const previous = token.client_secrets?.[1];
  if (version !== undefined && token.client_secret_version !== undefined && token.client_secret_version !== version) {
    return `The token was rotated again, to version ${token.client_secret_version}: that rotation ends the overlap.`;
  }
  if (previous === undefined) return "This API does not tell who uses the old secret: it ends when the overlap does.";
  return previous.expires_at !== null && Date.parse(previous.expires_at) <= nowMs ? "The overlap is over." : undefined;
}

async function readPatiently({ token }: RotationPlan, { api, sleep, showProgress }: RotationDeps) {
  for (;;) {
    try {
      return await api.getToken(token.id);
    } catch (error) {
      if (!(error instanceof AdminError) || error.code !== "ERR_ADMIN_API_UNREACHABLE") throw error;
      showProgress?.(`Waiting: ${error.message} Trying again.`);
      await sleep(POLL_MS);
    }
  }
}

function progress(isTakenUp: boolean, unusedMs: number, neededMs: number): string {
  const why = isTakenUp ? "" : "the bot has not used the new secret yet; ";
  return `Waiting: ${why}the old one is unused for ${seconds(unusedMs)} of ${seconds(neededMs)} s`;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}

function instant(text: string | null | undefined): number {
  return Date.parse(text ?? "") || 0;
}
