import type { ResolvedConfig } from "./config.ts";
import type { Identities } from "./identities.ts";

/** Which channels the bot is in. People are in all of them. */
export interface Membership {
  hasBot(channelId: string): boolean;
  /** Returns false when it was there already. */
  addBot(channelId: string): boolean;
}

export function createMembership(config: ResolvedConfig, { channels }: Identities): Membership {
  const absent = new Set(config.channels.filter(({ hasBot }) => hasBot === false).map(({ name }) => name));
  const joined = new Set(channels.filter(({ kind, name }) => kind === "im" || !absent.has(name)).map(({ id }) => id));
  return {
    hasBot: (channelId) => joined.has(channelId),
    addBot(channelId) {
      if (joined.has(channelId)) return false;
      joined.add(channelId);
      return true;
    },
  };
}
