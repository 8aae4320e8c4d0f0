import type { Identities } from "../identities.ts";
import type { Push } from "../model.ts";

/** Tells open pages what happened, each only what its person may see. */
export interface Pushes {
  /** Returns the function that ends the subscription. */
  subscribe(personId: string, send: (push: Push) => void): () => void;
  toAll(push: Push): void;
  toPerson(personId: string, push: Push): void;
  /** To everyone in the channel; for direct messages that is one person. */
  toChannel(channelId: string, push: Push): void;
}

export function createPushes(identities: Identities): Pushes {
  const subscribers = new Set<{ personId: string; send: (push: Push) => void }>();
  const toWhom = (isMeant: (personId: string) => boolean, push: Push) => {
    for (const { personId, send } of subscribers) if (isMeant(personId)) send(push);
  };
  return {
    subscribe(personId, send) {
      const subscriber = { personId, send };
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    toAll: (push) => toWhom(() => true, push),
    toPerson: (personId, push) => toWhom((id) => id === personId, push),
    toChannel(channelId, push) {
      const owner = identities.channel(channelId)?.personId;
      toWhom((id) => owner === undefined || id === owner, push);
    },
  };
}
