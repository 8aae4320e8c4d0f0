import type { ApiServiceToken } from "../api/service-token.ts";
import { AdminError, type AdminErrorCode } from "../errors.ts";
import type { JournalEntry } from "./journal.ts";
import { oldSecretInUse } from "./old-secret.ts";
import type { RotationDeps, RotationPlan } from "./plan.ts";

/** A call of ours was done within so long after it was noted, or never. */
const CALL_MS = 60_000;

/** Has the token rotated. From the API's answer on, the new secret is in the journal. @throws {AdminError} */
export async function obtain(plan: RotationPlan, deps: RotationDeps): Promise<JournalEntry> {
  const current = await deps.api.getToken(plan.token.id);
  const inUse = plan.isForced ? undefined : oldSecretInUse(current, plan.quietMs, deps.api.serverNowMs());
  if (inUse === undefined) return callRotate(plan, deps, current, false);
  const message = `An earlier rotation is not over: ${inUse}. Who holds the old secret would be refused at once. Let the bot take up the new one first; tokens rotate --force does it all the same.`;
  throw new AdminError("ERR_ADMIN_ROTATION", message);
}

/** After a crash between the note and the answer: was the call done, and if so, did its secret reach nobody? */
export async function startAgain(plan: RotationPlan, found: JournalEntry, deps: RotationDeps): Promise<JournalEntry> {
  const current = await deps.api.getToken(plan.token.id);
  const { fromVersion } = found;
  const isNext = fromVersion === undefined || current.client_secret_version === fromVersion + 1;
  if (!isNext) return obtain(plan, deps);
  const [secret] = current.client_secrets ?? [];
  // Where the API does not tell when a secret was made and whether it was used, it is taken for the lost one.
  if (secret !== undefined && !isLost(secret, found)) return obtain(plan, deps);
  deps.say("The secret of the interrupted rotation was lost before it could be written: rotating once more.");
  return callRotate(plan, deps, current, secret !== undefined);
}

/** Made in answer to the call that was noted, and never used; else it is somebody else's, and a bot may hold it. */
function isLost(secret: NonNullable<ApiServiceToken["client_secrets"]>[number], { startedAt }: JournalEntry): boolean {
  const afterMs = Date.parse(secret.created_at) - Date.parse(startedAt);
  // The API's clock is known to the second.
  return secret.last_seen_at === null && afterMs > -2_000 && afterMs < CALL_MS;
}

/** @param isCurrentLost whether the current secret reached nobody, so that the bot holds the one before it */
async function callRotate(
  { token: { id: tokenId }, overlapMs, sink }: RotationPlan,
  { api, journal, say, showProgress }: RotationDeps,
  { client_secret_version: fromVersion }: ApiServiceToken,
  isCurrentLost: boolean,
): Promise<JournalEntry> {
  const startedAt = new Date(api.serverNowMs()).toISOString();
  const overlapEndsAt = new Date(api.serverNowMs() + overlapMs).toISOString();
  const entry = { tokenId, fromVersion, overlapEndsAt, sink: sink.name, startedAt };
  showProgress?.("Rotating");
  await journal.write({ ...entry, step: "rotating" });
  const rotation = {
    previous_client_secret_expires_at: overlapEndsAt,
    ...(isCurrentLost && { discard_current_client_secret: true as const }),
  };
  const rotated = await api.rotateToken(tokenId, rotation).catch(async (error: unknown) => {
    // Nothing was begun, unless it was to go on with something.
    if (isRefusal(error) && !isCurrentLost) await journal.remove(tokenId);
    throw error;
  });
  const { client_id: clientId, client_secret: clientSecret, client_secret_version: version } = rotated;
  const made = { ...entry, ...(version !== undefined && { version }), pair: { clientId, clientSecret } };
  const obtained: JournalEntry = { ...made, step: "writing" };
  await journal.write(obtained);
  say(`Rotated${version === undefined ? "" : ` to version ${version}`}; the old secret works until ${overlapEndsAt}.`);
  return obtained;
}

/** The API said no, so the call was not done; where no answer came, or none that can be read, it may have been. */
function isRefusal(error: unknown): boolean {
  return error instanceof AdminError && REFUSALS.has(error.code);
}

const REFUSALS: ReadonlySet<AdminErrorCode> = new Set([
  "ERR_ADMIN_API_UNAUTHENTICATED",
  "ERR_ADMIN_API_FORBIDDEN",
  "ERR_ADMIN_API_REFUSED",
  "ERR_ADMIN_NOT_FOUND",
]);
