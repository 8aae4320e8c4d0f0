import type { Gateway } from "@gatehouse/gateway";
import { type LocalState, saveState } from "./state.ts";

/** The API token with which the admin page of this machine is opened: made on the first start, and again where it is gone. */
export async function ensureAdminToken(gateway: Gateway, folder: string, state: LocalState): Promise<string> {
  const known = await gateway.apiTokens.list();
  if (state.adminToken !== undefined && known.some(({ id }) => id === state.adminToken?.id)) {
    return state.adminToken.secret;
  }
  const { id, secret } = await gateway.apiTokens.create({ name: "this machine", scopes: ["all"] });
  state.adminToken = { id, secret };
  saveState(folder, state);
  return secret;
}
