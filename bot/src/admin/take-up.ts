import { setTimeout as sleep } from "node:timers/promises";
import type { CredentialSource } from "@gatehouse/access-client";
import { startTrace } from "@gatehouse/service";
import type { StatsClient } from "../stats-client.ts";

export type TakeUpStats = Pick<StatsClient, "me" | "access">;

/** The file is looked at every second, and an exchange follows. Also for one request that shows whether a secret works. */
const TAKE_UP_MS = 10_000;
const POLL_MS = 200;

/** Remembers which secret is held; what it gives waits until the bot uses the one in the file, and tells whether it came to that. */
export async function watchTakeUp(credentials: CredentialSource, stats: TakeUpStats): Promise<() => Promise<boolean>> {
  const held = await credentials.read();
  const hasWorked = await works(stats);
  const { rotations } = stats.access();
  return async () => {
    const isNew = (await credentials.read()).clientSecret !== held.clientSecret;
    const late = AbortSignal.timeout(TAKE_UP_MS);
    while (!late.aborted) {
      if (stats.access().rotations > rotations) return true;
      // Nothing is noted as a rotation where the file had the secret before, or no secret had worked before.
      if ((!isNew || !hasWorked) && (await works(stats))) return true;
      await sleep(POLL_MS);
    }
    return false;
  };
}

async function works(stats: TakeUpStats): Promise<boolean> {
  try {
    await stats.me(startTrace(), TAKE_UP_MS);
    return true;
  } catch {
    return false;
  }
}
