import type { AdminApi } from "../api/admin-api.ts";
import type { ApiServiceToken } from "../api/service-token.ts";
import { AdminError } from "../errors.ts";
import type { Pair, Sink } from "../sinks/sink.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import type { Prove } from "./prove.ts";

export interface RotationPlan {
  readonly token: ApiServiceToken;
  /** How long the old secret works too, from now. */
  readonly overlapMs: number;
  readonly sink: Sink;
  /** A URL behind the gateway that the new secret must open. */
  readonly verifyUrl: URL | undefined;
  /** Whether to wait until nobody uses the old secret, and end the overlap then. */
  readonly waits: boolean;
  /** The old secret counts as unused when nobody has used it for so long. */
  readonly quietMs: number;
}

export interface RotationDeps {
  readonly api: AdminApi;
  readonly journal: Journal;
  readonly prove: Prove;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** One line for each step that is done. */
  readonly say: (line: string) => void;
}

const POLL_MS = 2_000;
/** A gateway spreads a change within a second; one that is slower is waited for. */
const PROOF_ATTEMPTS = 5;
const PROOF_PAUSE_MS = 1_000;

/**
 * Rotates a token so that its bot always holds a secret that works: rotate with an overlap → write the new secret → prove it
 * → wait until the old one is unused → end the overlap. Each step is noted before and after, so the same command run again
 * after a crash goes on where it stopped.
 *
 * @throws {AdminError}
 */
export async function rotate(plan: RotationPlan, deps: RotationDeps): Promise<void> {
  await plan.sink.check();
  const entry = await startOrResume(plan, deps);
  const { pair } = entry;
  if (pair !== undefined) await handOver(plan, entry, pair, deps);
  if (plan.waits) await waitUntilUnused(plan, deps);
  else deps.say(`The old secret works until ${entry.overlapEndsAt}.`);
  await deps.journal.remove(plan.token.id);
}

async function startOrResume(plan: RotationPlan, deps: RotationDeps): Promise<JournalEntry> {
  const found = await deps.journal.read(plan.token.id);
  if (found === undefined) return obtain(plan, deps);
  if (found.sink !== plan.sink.name) {
    const message = `A rotation of this token to ${found.sink} was begun at ${found.startedAt}: finish that one first, with the same --write.`;
    throw new AdminError("ERR_ADMIN_USAGE", message);
  }
  deps.say(`Going on with the rotation that was begun at ${found.startedAt}.`);
  if (found.step !== "rotating") return found;
  const current = await deps.api.getToken(plan.token.id);
  if (current.client_secret_version === found.fromVersion && found.fromVersion !== undefined) return obtain(plan, deps);
  deps.say("The secret of the interrupted rotation was lost before it could be written: rotating once more.");
  // Any other number means that somebody else has rotated since, and holds the current secret.
  const isCurrentLost = found.fromVersion !== undefined && current.client_secret_version === found.fromVersion + 1;
  return obtain(plan, deps, isCurrentLost);
}

/**
 * From the API's answer on, the new secret is in the journal.
 *
 * @param isCurrentLost whether the current secret reached nobody, so that the bot holds the one before it
 */
async function obtain(
  { token, overlapMs, sink }: RotationPlan,
  { api, journal, now, say }: RotationDeps,
  isCurrentLost = false,
): Promise<JournalEntry> {
  const overlapEndsAt = new Date(now() + overlapMs).toISOString();
  const { id: tokenId } = token;
  const fromVersion = (await api.getToken(tokenId)).client_secret_version;
  const startedAt = new Date(now()).toISOString();
  const entry = { tokenId, fromVersion, overlapEndsAt, sink: sink.name, startedAt };
  await journal.write({ ...entry, step: "rotating" });
  const rotation = { previous_client_secret_expires_at: overlapEndsAt };
  const rotated = await api.rotateToken(tokenId, {
    ...rotation,
    ...(isCurrentLost && { discard_current_client_secret: true }),
  });
  const pair: Pair = { clientId: rotated.client_id, clientSecret: rotated.client_secret };
  const obtained: JournalEntry = { ...entry, step: "writing", pair };
  await journal.write(obtained);
  const version = rotated.client_secret_version;
  say(`Rotated${version === undefined ? "" : ` to version ${version}`}; the old secret works until ${overlapEndsAt}.`);
  return obtained;
}

/** The secret leaves the journal when it is written and, where a URL is given, proven. */
async function handOver(plan: RotationPlan, entry: JournalEntry, pair: Pair, deps: RotationDeps): Promise<void> {
  const { sink, verifyUrl } = plan;
  await sink.write(pair);
  deps.say(`Written to ${sink.name}.`);
  await deps.journal.write({ ...entry, step: "proving" });
  if (verifyUrl !== undefined) {
    await proveSoon(verifyUrl, pair, deps);
    deps.say(`Proven: the new secret opens ${verifyUrl.href}.`);
  }
  const { pair: _, ...rest } = entry;
  await deps.journal.write({ ...rest, step: "waiting" });
}

async function proveSoon(url: URL, pair: Pair, { prove, sleep }: RotationDeps): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prove(url, pair);
    } catch (error) {
      if (attempt === PROOF_ATTEMPTS) throw error;
      await sleep(PROOF_PAUSE_MS);
    }
  }
}

async function waitUntilUnused(
  { token, quietMs }: RotationPlan,
  { api, now, sleep, say }: RotationDeps,
): Promise<void> {
  const beganMs = now();
  for (;;) {
    const [, previous] = (await api.getToken(token.id)).client_secrets ?? [];
    if (previous === undefined) {
      say("This API does not tell who uses the old secret: it ends by itself when the overlap does.");
      return;
    }
    if (previous.expires_at !== null && Date.parse(previous.expires_at) <= now()) {
      say("The overlap is over.");
      return;
    }
    const lastMs = Math.max(beganMs, Date.parse(previous.last_seen_at ?? "") || 0);
    if (now() - lastMs >= quietMs) break;
    await sleep(POLL_MS);
  }
  await api.updateToken(token.id, { previous_client_secret_expires_at: new Date(now()).toISOString() });
  say("Nobody uses the old secret any more: it was ended.");
}
