import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AdminApi,
  AdminError,
  type ApiServiceToken,
  credentialsFileSink,
  findToken,
  type Journal,
  openJournal,
  proveByRequest,
  rotate,
} from "@gatehouse/admin/rotation";
import type { Logger } from "@gatehouse/service";
import type { BotConfig } from "../config.ts";
import { EXCHANGE_PATH } from "../stats-client.ts";
import type { Readiness, TokenFacts } from "./facts.ts";
import { type TakeUpStats, watchTakeUp } from "./take-up.ts";

export type RotationOutcome =
  /** `isInUse`: whether the bot itself was seen to use the new secret. */
  | { readonly kind: "rotated"; readonly isInUse: boolean }
  /** Somebody was faster: the secret is not the one any more that the admin saw. */
  | { readonly kind: "rotated_before" }
  /** It cannot be done here; the card that was pressed is older than that. */
  | { readonly kind: "impossible"; readonly why: string };

export interface TokenRotation {
  readiness(token: TokenFacts): Promise<Readiness>;
  /**
   * Rotates the secret with an overlap, writes the new one into the credentials file, proves it, and waits until the bot uses it.
   * Who calls while it runs gets the same outcome. After a crash the next call goes on where it stopped.
   *
   * @param seenVersion the version of the secret that the admin saw; undefined where the API does not tell
   * @throws {AdminError}
   */
  rotate(seenVersion: number | undefined): Promise<RotationOutcome>;
  /** Goes on with a rotation that a crash interrupted: its overlap ends whether somebody asks again or not. Never throws. */
  resume(signal: AbortSignal): Promise<void>;
}

export interface TokenRotationDeps {
  readonly api: AdminApi | undefined;
  readonly stats: TakeUpStats;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const OVERLAP_MS = 24 * 3_600_000;
/** The old secret counts as unused when nobody has used it for so long. */
const QUIET_MS = 60_000;
const RESUME_PAUSE_MS = 60_000;
/** Beside the credentials file: a place that may be written and outlives a restart. */
const JOURNAL_FOLDER = ".gatehouse-rotation";

const NO_API = "To rotate the secret from here I need an API token.";
const NO_FILE =
  "There is no Rotate button because my credentials are not in a file: put them into one that I may write, and name it in `CLOUDFLARE_ACCESS_CREDENTIALS_FILE`.";

export function createTokenRotation(
  { stats: { url, credentials, credentialsFile }, adminApi }: Pick<BotConfig, "stats" | "adminApi">,
  deps: TokenRotationDeps,
): TokenRotation {
  const { api } = deps;
  if (api === undefined || adminApi === undefined) return impossible(NO_API);
  if (credentialsFile === undefined) return impossible(NO_FILE);
  // One name however it was given: a journal is gone on with only for the same file.
  const file = resolve(credentialsFile);
  const sink = credentialsFileSink(file);
  const journal = openJournal(adminApi.baseUrl, join(dirname(file), JOURNAL_FOLDER));
  const verifyUrl = new URL(EXCHANGE_PATH, url);

  const run = async (token: ApiServiceToken): Promise<RotationOutcome> => {
    const isTakenUp = await watchTakeUp(credentials, deps.stats);
    const plan = { token, overlapMs: OVERLAP_MS, sink, verifyUrl, waits: false, quietMs: QUIET_MS };
    await rotate(plan, engineDeps(api, journal, deps));
    return { kind: "rotated", isInUse: await isTakenUp() };
  };
  let running: Promise<RotationOutcome> | undefined;
  /** At most one runs; who comes meanwhile shares it. */
  const rotateIf = async (isWanted: (token: ApiServiceToken, isBegun: boolean) => boolean) => {
    if (running !== undefined) return running;
    const token = await findToken(api, (await credentials.read()).clientId);
    if (!isWanted(token, (await journal.read(token.id)) !== undefined)) return NOTHING_DONE;
    running ??= run(token).finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    readiness: (token) => readiness(token, sink, journal),
    rotate: (seenVersion) =>
      rotateIf(({ client_secret_version: version }, isBegun) => isBegun || version === seenVersion),
    async resume(signal) {
      while (!signal.aborted && (await journal.hasEntries())) {
        try {
          await rotateIf((_token, isBegun) => isBegun);
          return;
        } catch (error) {
          deps.logger.warn({ err: error }, "an interrupted rotation cannot go on yet");
          await sleep(RESUME_PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
        }
      }
    },
  };
}

const NOTHING_DONE: RotationOutcome = { kind: "rotated_before" };

function engineDeps(api: AdminApi, journal: Journal, { logger, now }: TokenRotationDeps): Parameters<typeof rotate>[1] {
  return {
    api,
    journal,
    prove: proveByRequest,
    now,
    sleep: (milliseconds) => sleep(milliseconds),
    say: (step) => logger.info({ step }, "rotation"),
  };
}

function impossible(why: string): TokenRotation {
  return {
    readiness: async () => ({ kind: "off", why }),
    rotate: async () => ({ kind: "impossible", why }),
    resume: async () => undefined,
  };
}

async function readiness(
  facts: TokenFacts,
  sink: ReturnType<typeof credentialsFileSink>,
  journal: Journal,
): Promise<Readiness> {
  if (facts.kind !== "known") return { kind: "off", why: "The secret can be rotated once the admin API answers." };
  try {
    await sink.check();
    const begun = await journal.read(facts.token.id);
    return { kind: "ready", ...(begun !== undefined && { unfinishedSince: begun.startedAt }) };
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return { kind: "off", why: `There is no Rotate button because ${error.message}` };
  }
}
