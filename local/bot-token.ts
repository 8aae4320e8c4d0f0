import { openServiceTokens } from "@gatehouse/gateway";
import type { Logger } from "@gatehouse/service";
import { type LocalState, saveState } from "./state.ts";

export interface BotTokenOptions {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly state: LocalState;
  readonly logger: Logger;
}

/** The bot's service token: made on the first start, and again where the gateway's database no longer has it. */
export async function ensureBotToken(options: BotTokenOptions): Promise<NonNullable<LocalState["serviceToken"]>> {
  const { folder, databaseUrl, state, logger } = options;
  const opened = await openServiceTokens({ databaseUrl, secretKey: state.gatewaySecretKey }, { logger });
  try {
    const known = await opened.tokens.list();
    if (state.serviceToken !== undefined && known.some(({ id }) => id === state.serviceToken?.id)) {
      return state.serviceToken;
    }
    const { id, clientId, clientSecret } = await opened.tokens.create({ name: "stats bot" });
    state.serviceToken = { id, clientId, clientSecret };
    saveState(folder, state);
    return state.serviceToken;
  } finally {
    await opened.close();
  }
}
