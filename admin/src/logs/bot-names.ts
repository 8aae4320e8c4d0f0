import type { AccessRequest, AdminApi } from "../api/admin-api.ts";
import { AdminError } from "../errors.ts";

export interface BotNames {
  /** Looks up the bots that are new among the lines. */
  learn(lines: readonly AccessRequest[]): Promise<void>;
  /** Who it was: an address, or a bot's name, or its client id where it has no name any more. */
  nameOf(line: AccessRequest): string;
}

/** Names for the client ids of the log. An API token that may read the log but not the tokens gets the ids. */
export function createBotNames(api: Pick<AdminApi, "listTokens">): BotNames {
  const names = new Map<string, string>();
  return {
    async learn(lines) {
      const unknown = new Set(lines.flatMap(({ service_token_client_id: id }) => (id && !names.has(id) ? [id] : [])));
      if (unknown.size === 0) return;
      for (const id of unknown) names.set(id, id);
      try {
        for (const { client_id: id, name } of await api.listTokens()) names.set(id, name);
      } catch (error) {
        if (!(error instanceof AdminError)) throw error;
      }
    },
    nameOf: ({ user_email: email, service_token_client_id: id = "" }) => email || names.get(id) || id,
  };
}
