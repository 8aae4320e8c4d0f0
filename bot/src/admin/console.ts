import { setTimeout as sleep } from "node:timers/promises";
import { AccessError, type CredentialSource } from "@gatehouse/access-client";
import { type AdminApi, AdminError, createAdminApi } from "@gatehouse/admin/rotation";
import type { Logger } from "@gatehouse/service";
import { Agent } from "undici";
import type { BotConfig } from "../config.ts";
import type { Message } from "../messages/blocks.ts";
import type { StatsClient } from "../stats-client.ts";
import { adminCard } from "./card.ts";
import { adminsOnlyMessage, type Banner, rotatedBanner, stoppedBanner } from "./card-messages.ts";
import type { AdminFacts } from "./facts.ts";
import { checkHealth } from "./health.ts";
import { adminProblem } from "./problem.ts";
import { readToken } from "./read-token.ts";
import { createTokenRotation, type TokenRotation } from "./token-rotation.ts";

/** `/stats admin`: the service token as its admins see it, and its rotation. Every message is for the admin alone. */
export interface AdminConsole {
  isAdmin(userId: string): boolean;
  /** The card, or for anybody else a kind no. */
  answer(userId: string): Promise<Message>;
  /**
   * Rotates the secret, and gives the card with what came of it; for anybody who is no admin a kind no.
   *
   * @param seenVersion the version on the card whose button was pressed
   */
  rotate(userId: string, seenVersion: number | undefined): Promise<Message>;
  /** When a service token ends, RFC 3339, where the admin API says so. */
  tokenEnd(clientId: string): Promise<string | undefined>;
  /** Goes on with a rotation that a crash interrupted, behind everything else. */
  start(): void;
  close(): Promise<void>;
}

export interface AdminConsoleDeps {
  readonly stats: StatsClient;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAdminConsole(config: BotConfig, deps: AdminConsoleDeps): AdminConsole {
  const { logger } = deps;
  const { users } = config.admins;
  const stopping = new AbortController();
  const dispatcher = new Agent();
  const api =
    config.adminApi && createAdminApi(config.adminApi, { dispatcher, sleep: (milliseconds) => sleep(milliseconds) });
  const rotation = createTokenRotation(config, { ...deps, api });
  const card = async (banner?: Banner): Promise<Message> =>
    adminCard(await gatherFacts(config, { ...deps, api, rotation }), banner);

  const rotate = async (userId: string, seenVersion: number | undefined): Promise<Banner> => {
    try {
      const outcome = await rotation.rotate(seenVersion);
      logger.info({ userId, outcome: outcome.kind }, "rotation from chat");
      return rotatedBanner(outcome, userId);
    } catch (error) {
      logger.error({ userId, err: error }, "rotation from chat failed");
      if (error instanceof AdminError) return stoppedBanner(adminProblem(error));
      if (error instanceof AccessError) return stoppedBanner(`${error.message} ${error.advice}`);
      throw error;
    }
  };

  return {
    isAdmin: (userId) => users.includes(userId),
    answer: async (userId) => (users.includes(userId) ? card() : adminsOnlyMessage(users)),
    rotate: async (userId, seenVersion) =>
      users.includes(userId) ? card(await rotate(userId, seenVersion)) : adminsOnlyMessage(users),
    tokenEnd: async (clientId) => {
      const facts = await readToken(api, clientId);
      return facts.kind === "known" ? (facts.token.expires_at ?? undefined) : undefined;
    },
    start: () => void rotation.resume(stopping.signal),
    close: async () => {
      stopping.abort();
      // A call that is cut off is what the journal is for.
      await dispatcher.destroy();
    },
  };
}

async function gatherFacts(
  { stats: { credentials } }: BotConfig,
  { stats, now, api, rotation }: AdminConsoleDeps & { api: AdminApi | undefined; rotation: TokenRotation },
): Promise<AdminFacts> {
  const clientId = await readClientId(credentials);
  const [token, health] = await Promise.all([readToken(api, clientId), checkHealth(stats, now)]);
  const facts = { nowMs: now(), clientId, token, access: stats.access(), ...health };
  return { ...facts, rotation: await rotation.readiness(token) };
}

async function readClientId(credentials: CredentialSource): Promise<string | undefined> {
  try {
    return (await credentials.read()).clientId;
  } catch {
    return undefined;
  }
}
