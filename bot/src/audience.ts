import type { WebClient } from "@slack/web-api";
import { LRUCache } from "lru-cache";

/**
 * Who reads an answer posted there: `open`, one company; `shared`, another company too (Slack Connect); `unknown`, we are
 * not in there and cannot tell, so the asker alone may see it.
 */
type Audience = "open" | "shared" | "unknown";

export interface Audiences {
  of(channelId: string, client: Pick<WebClient, "conversations">): Promise<Audience>;
}

/** A channel may become shared while we run. */
const KEPT_MS = 5 * 60_000;
const MAX_CHANNELS = 5_000;

export function createAudiences({ allowSharedChannels }: { readonly allowSharedChannels: boolean }): Audiences {
  const known = new LRUCache<string, Audience>({ max: MAX_CHANNELS, ttl: KEPT_MS });
  return {
    of: async (channelId, client) => {
      if (allowSharedChannels) return "open";
      const kept = known.get(channelId);
      if (kept !== undefined) return kept;
      const audience = await askSlack(channelId, client);
      // What we could not see we may see in a moment: an invitation is all it takes.
      if (audience !== "unknown") known.set(channelId, audience);
      return audience;
    },
  };
}

async function askSlack(channelId: string, client: Pick<WebClient, "conversations">): Promise<Audience> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    if (channel === undefined) return "unknown";
    return channel.is_ext_shared || channel.is_pending_ext_shared ? "shared" : "open";
  } catch {
    return "unknown";
  }
}

/** Whether an event's envelope says that its channel is shared with another company. */
export function isSharedEnvelope(body: unknown): boolean {
  return (
    typeof body === "object" && body !== null && "is_ext_shared_channel" in body && body.is_ext_shared_channel === true
  );
}
