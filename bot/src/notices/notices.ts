import type { Logger } from "@gatehouse/service";
import type { AdminsConfig } from "../config.ts";
import { post, type SlackClient } from "../delivery/post.ts";
import { tokenNoticeMessage } from "../messages/token-notices.ts";
import type { Outbox, TakenNotice } from "./outbox.ts";
import { slackTrouble } from "./slack-trouble.ts";
import { noticeId, type TokenNotice } from "./token-notice.ts";

/** Tells the admins about the service token: each notice once, across replicas and restarts. */
export interface Notices {
  /** Stores it and posts it; what cannot be stored or posted now is tried again. Never throws, as all here. */
  announce(notice: TokenNotice): Promise<void>;
  /** A token's end was looked at: only this notice about it is true now, or none is. */
  expiryKnown(clientId: string, notice: TokenNotice | undefined): Promise<void>;
  /** Stores and posts what is due. */
  deliver(): Promise<void>;
}

export interface NoticesDeps {
  readonly outbox: Outbox;
  readonly slack: Pick<SlackClient, "chat">;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Each notice is put down in the store before it is posted, and taken from there by one replica at a time. What Slack refuses is
 * put back and tried again, for a week. What Slack took without the answer coming through is posted again too: a warning that
 * comes twice does less harm than one that never comes.
 */
export function createNotices(admins: AdminsConfig, deps: NoticesDeps): Notices {
  return new SharedNotices(admins, deps);
}

class SharedNotices implements Notices {
  readonly #admins: AdminsConfig;
  readonly #deps: NoticesDeps;
  /** What the store has not taken yet. */
  readonly #unstored = new Map<string, TokenNotice>();
  /** The last look at a token, by client id, that the store does not know of yet. */
  readonly #expiring = new Map<string, TokenNotice | undefined>();
  /** What was posted, and the store does not know of yet. */
  readonly #unmarked = new Set<TakenNotice>();
  #isDue = false;
  #running: Promise<void> | undefined;

  constructor(admins: AdminsConfig, deps: NoticesDeps) {
    this.#admins = admins;
    this.#deps = deps;
  }

  announce(notice: TokenNotice): Promise<void> {
    this.#unstored.set(noticeId(notice), notice);
    return this.deliver();
  }

  expiryKnown(clientId: string, notice: TokenNotice | undefined): Promise<void> {
    this.#expiring.set(clientId, notice);
    if (notice !== undefined) this.#unstored.set(noticeId(notice), notice);
    return this.deliver();
  }

  deliver(): Promise<void> {
    this.#isDue = true;
    this.#running ??= this.#run();
    return this.#running;
  }

  /** One turn after the other; whoever came during a turn is served by the next. */
  async #run(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.#store();
        await this.#postDue();
      } catch (error) {
        this.#deps.logger.error({ err: error }, "notices to the admins wait for the bot's database");
      }
    }
    this.#running = undefined;
  }

  async #store(): Promise<void> {
    const { outbox } = this.#deps;
    for (const taken of this.#unmarked) {
      await outbox.markPosted(taken);
      this.#unmarked.delete(taken);
    }
    for (const [clientId, notice] of this.#expiring) {
      await outbox.withdrawExpiring(clientId, notice);
      if (this.#expiring.get(clientId) === notice) this.#expiring.delete(clientId);
    }
    for (const [id, notice] of this.#unstored) {
      await outbox.add(notice, recipientsOf(notice, this.#admins));
      this.#unstored.delete(id);
    }
  }

  async #postDue(): Promise<void> {
    const { outbox } = this.#deps;
    const { channel, users } = this.#admins;
    const recipients = channel === undefined ? users : [channel, ...users];
    for (;;) {
      const taken = await outbox.take(recipients);
      if (taken === undefined) return;
      if (await this.#post(taken)) {
        this.#unmarked.add(taken);
        await outbox.markPosted(taken);
        this.#unmarked.delete(taken);
      } else await outbox.putBack(taken);
    }
  }

  async #post({ notice, recipient, tries }: TakenNotice): Promise<boolean> {
    const { slack, logger, now } = this.#deps;
    try {
      // A user's id stands for the direct messages with the bot.
      await post(slack, { channel: recipient }, tokenNoticeMessage(notice, now()));
      return true;
    } catch (error) {
      const { reason, advice } = slackTrouble(error);
      logger.error(
        { kind: notice.kind, recipient, reason, tries },
        `a notice to the admins could not be posted: ${advice}`,
      );
      return false;
    }
  }
}

/** The end concerns all who are in the admins' channel; a rotation is told to each admin in private. */
function recipientsOf({ kind }: TokenNotice, { channel, users }: AdminsConfig): readonly string[] {
  const inChannel = channel === undefined ? [] : [channel];
  const [first, second] = kind === "expiring" ? [inChannel, users] : [users, inChannel];
  return first.length > 0 ? first : second;
}
