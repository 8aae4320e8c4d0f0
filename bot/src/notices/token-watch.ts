import type { RotatedNotice } from "@gatehouse/access-client";
import type { Logger } from "@gatehouse/service";
import type { BotConfig } from "../config.ts";
import type { SlackClient } from "../delivery/post.ts";
import { openBotStore, type Store } from "../store/store.ts";
import { createNotices, type Notices } from "./notices.ts";
import { createOutbox } from "./outbox.ts";
import type { TokenEnd } from "./token-end.ts";
import { expiringToken, noticeId } from "./token-notice.ts";

/** Watches over the service token, also while nobody asks anything, and tells the log and the admins what concerns it. */
export interface TokenWatch {
  /** Another secret is in use. */
  readonly rotated: (notice: RotatedNotice) => void;
  /** @throws {StoreError} `ERR_STORE_UNUSABLE` */
  start(): Promise<void>;
  /** Looks when the token ends, and posts what is due. Never throws. */
  look(): Promise<void>;
  /** Waits for what is under way, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface TokenWatchDeps {
  readonly slack: Pick<SlackClient, "chat">;
  readonly readEnd: () => Promise<TokenEnd>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How often there may be something to post again, or an hour may be over. */
const TICK_MS = 60_000;
const LOOK_INTERVAL_MS = 3_600_000;

export function createTokenWatch(config: Pick<BotConfig, "admins" | "databaseUrl">, deps: TokenWatchDeps): TokenWatch {
  return new Watch(config, deps);
}

class Watch implements TokenWatch {
  readonly #config: Pick<BotConfig, "admins" | "databaseUrl">;
  readonly #deps: TokenWatchDeps;
  /** What the log was told of. */
  readonly #logged = new Set<string>();
  #store: Store | undefined;
  #notices: Notices | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();

  constructor(config: Pick<BotConfig, "admins" | "databaseUrl">, deps: TokenWatchDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  readonly rotated = ({ clientId, pairId }: RotatedNotice): void => {
    const { logger, now } = this.#deps;
    logger.info({ clientId }, "the service token was rotated: its new secret is in use");
    void this.#notices?.announce({ kind: "rotated", clientId, pairId, at: new Date(now()).toISOString() });
  };

  async start(): Promise<void> {
    const { admins, databaseUrl } = this.#config;
    // Where nobody is to be told there is nothing to remember, and a bot without a disk of its own starts as ever.
    if (admins.channel !== undefined || admins.users.length > 0) {
      this.#store = await openBotStore(databaseUrl);
      this.#notices = createNotices(admins, { ...this.#deps, outbox: createOutbox(this.#store, this.#deps.now) });
      void this.#notices.deliver();
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  look(): Promise<void> {
    this.#lookedAtMs = this.#deps.now();
    this.#looking = this.#look();
    return this.#looking;
  }

  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([this.#looking.then(() => this.#notices?.deliver()), late]);
    clearTimeout(timer);
    this.#notices = undefined;
    await this.#store?.destroy();
  }

  #tick(): void {
    const sinceMs = this.#deps.now() - this.#lookedAtMs;
    if (sinceMs >= LOOK_INTERVAL_MS || sinceMs < 0) void this.look();
    void this.#notices?.deliver();
  }

  async #look(): Promise<void> {
    const { logger, readEnd, now } = this.#deps;
    try {
      const { clientId, expiresAt } = await readEnd();
      const notice = expiresAt === undefined ? undefined : expiringToken(clientId, expiresAt, now());
      if (notice !== undefined && !this.#logged.has(noticeId(notice))) {
        this.#logged.add(noticeId(notice));
        logger.warn({ clientId, expiresAt }, `the service token ends within ${notice.milestoneDays} days`);
      }
      await this.#notices?.expiryKnown(clientId, notice);
    } catch (error) {
      logger.warn({ err: error }, "the gateway could not be asked when the service token ends");
    }
  }
}
