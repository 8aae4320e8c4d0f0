import { join } from "node:path";
import type { Gateway } from "@gatehouse/gateway";
import { type Environment, replaceFile } from "@gatehouse/service";
import { type LocalState, saveState } from "./state.ts";

/** The API token with which the admin page of this machine is opened: made on the first start, and again where it is gone. */
export async function ensureAdminToken(gateway: Gateway, folder: string, state: LocalState): Promise<string> {
  const known = await gateway.apiTokens.list();
  if (state.adminToken !== undefined && known.some(({ id }) => id === state.adminToken?.id)) {
    return state.adminToken.secret;
  }
  const { id, secret } = await gateway.apiTokens.create({ name: "this machine", scopes: ["all"] });
  state.adminToken = { id, secret };
  await saveState(folder, state);
  return secret;
}

/** What the admin's command line and the bot need to know of this machine's gateway; also written to `admin.env`. */
export async function writeAdminEnvironment(folder: string, port: number, secret: string): Promise<Environment> {
  const env = { CLOUDFLARE_BASE_URL: `http://127.0.0.1:${port}`, CLOUDFLARE_API_TOKEN: secret };
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  await replaceFile(join(folder, "admin.env"), lines.join(""));
  return env;
}
