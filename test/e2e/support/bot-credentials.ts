import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Where the local bot reads its pair, and rotations write it. */
export function botCredentialsFile(folder: string): string {
  return join(folder, "bot-credentials.env");
}

/** The local bot's pair, from the file that it reads itself. */
export function botCredentials(folder: string): { clientId: string; clientSecret: string } {
  const values = parseEnv(readFileSync(botCredentialsFile(folder), "utf8"));
  const { CLOUDFLARE_ACCESS_CLIENT_ID: clientId, CLOUDFLARE_ACCESS_CLIENT_SECRET: clientSecret } = values;
  if (clientId === undefined || clientSecret === undefined) throw new TypeError("the start made no credentials");
  return { clientId, clientSecret };
}
