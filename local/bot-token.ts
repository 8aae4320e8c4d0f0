import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openServiceTokens, type ServiceTokens, type ServiceTokenWithSecret } from "@gatehouse/gateway";
import { type Logger, replaceFile } from "@gatehouse/service";
import { type LocalState, saveState } from "./state.ts";

export interface BotTokenOptions {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly state: LocalState;
  readonly logger: Logger;
}

export interface BotToken {
  /** Not the client id: what policies name. */
  readonly id: string;
  /** The bot reads its pair from here and follows every change, so a rotation needs no restart. */
  readonly file: string;
}

/**
 * The bot's service token: made on the first start, and again where the gateway's database no longer has it. Where the file
 * with its secret is gone, the token gets a new secret.
 */
export async function ensureBotToken(options: BotTokenOptions): Promise<BotToken> {
  const { folder, databaseUrl, state, logger } = options;
  const file = join(folder, "bot-credentials.env");
  const opened = await openServiceTokens({ databaseUrl, secretKey: state.gatewaySecretKey }, { logger });
  try {
    const id = state.serviceToken?.id;
    const isKnown = id !== undefined && (await opened.tokens.list()).some((token) => token.id === id);
    if (isKnown && holds(file, state.serviceToken?.clientId)) return { id, file };
    const token = await newSecret(opened.tokens, isKnown ? id : undefined);
    await writeCredentials(file, token);
    state.serviceToken = { id: token.id, clientId: token.clientId };
    await saveState(folder, state);
    return { id: token.id, file };
  } finally {
    await opened.close();
  }
}

function newSecret(tokens: ServiceTokens, id: string | undefined): Promise<ServiceTokenWithSecret> {
  return id === undefined ? tokens.create({ name: "stats bot" }) : tokens.rotate(id);
}

function holds(file: string, clientId: string | undefined): boolean {
  return clientId !== undefined && existsSync(file) && readFileSync(file, "utf8").includes(clientId);
}

/** Replaced as a whole: the bot may read at any moment. */
function writeCredentials(file: string, { clientId, clientSecret }: ServiceTokenWithSecret): Promise<void> {
  const lines = [
    "# The local bot's service token. To rotate it: npm run admin -- tokens rotate, with --write env: and this path. The bot follows within a second.",
    `CLOUDFLARE_ACCESS_CLIENT_ID=${clientId}`,
    `CLOUDFLARE_ACCESS_CLIENT_SECRET=${clientSecret}`,
  ];
  return replaceFile(file, `${lines.join("\n")}\n`);
}
