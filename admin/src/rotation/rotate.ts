import { AdminError } from "../errors.ts";
import type { Pair } from "../sinks/sink.ts";
import type { JournalEntry } from "./journal.ts";
import { obtain, startAgain } from "./obtain.ts";
import type { RotationDeps, RotationPlan } from "./plan.ts";
import { isTakenUpSoon, waitUntilUnused } from "./wait.ts";

export type { RotationDeps, RotationPlan } from "./plan.ts";

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
  await deps.journal.alone(plan.token.id, async () => {
    const begun = await startOrResume(plan, deps);
    const { pair } = begun;
    const entry = pair === undefined ? begun : await handOver(plan, begun, pair, deps);
    if (plan.waits) await waitUntilUnused(plan, entry, deps);
    else deps.say(`The old secret works until ${entry.overlapEndsAt}.`);
    await deps.journal.remove(plan.token.id);
  });
}

async function startOrResume(plan: RotationPlan, deps: RotationDeps): Promise<JournalEntry> {
  const { token, sink } = plan;
  const found = await deps.journal.read(token.id);
  if (found === undefined) return obtain(plan, deps);
  if (found.sink !== sink.name) {
    const message = `A rotation of this token to ${found.sink} was begun at ${found.startedAt}: finish that one first, with the same --write.`;
    throw new AdminError("ERR_ADMIN_USAGE", message);
  }
  deps.say(`Going on with the rotation that was begun at ${found.startedAt}.`);
  if (found.step === "rotating") return startAgain(plan, found, deps);
  if (found.pair !== undefined) await refuseOutdated(found, deps);
  return found;
}

/** What somebody else made meanwhile must not be replaced by what is older. */
async function refuseOutdated({ tokenId, version, startedAt }: JournalEntry, { api, journal }: RotationDeps) {
  const { client_secret_version: current } = await api.getToken(tokenId);
  if (version === undefined || current === undefined || current === version) return;
  await journal.remove(tokenId);
  const message = `The token was rotated to version ${current} by somebody else since ${startedAt}, so the secret of version ${version} was dropped and nothing was written. Rotate again where theirs did not reach your bot.`;
  throw new AdminError("ERR_ADMIN_ROTATION", message);
}

/** The secret leaves the journal when it is written and, where a URL is given, proven. */
async function handOver(
  plan: RotationPlan,
  entry: JournalEntry,
  pair: Pair,
  deps: RotationDeps,
): Promise<JournalEntry> {
  const { sink, verifyUrl, waits } = plan;
  deps.showProgress?.(`Writing to ${sink.name}`);
  await sink.write(pair);
  deps.say(`Written to ${sink.name}.`);
  // Once the proof may have been made, a use of the new secret may be the proof's.
  const mayBeProven = entry.step === "proving";
  const isTakenUp = mayBeProven ? entry.isTakenUp === true : waits && (await isTakenUpSoon(plan, deps));
  await deps.journal.write({ ...entry, step: "proving", isTakenUp });
  if (verifyUrl !== undefined) {
    deps.showProgress?.(`Proving the new secret at ${verifyUrl.href}`);
    await proveSoon(verifyUrl, pair, deps);
    deps.say(`Proven: the new secret opens ${verifyUrl.href}.`);
  }
  const { pair: _, ...rest } = entry;
  const handedOver: JournalEntry = { ...rest, step: "waiting", isTakenUp };
  await deps.journal.write(handedOver);
  return handedOver;
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
