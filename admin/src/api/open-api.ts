import type { Command } from "commander";
import { Agent } from "undici";
import type { CommandDeps } from "../command-deps.ts";
import { type AdminApi, createAdminApi } from "./admin-api.ts";
import { type ApiSettings, readApiSettings } from "./settings.ts";

export interface ApiOptions {
  readonly api?: string;
  readonly account?: string;
  readonly json?: true;
}

export interface OpenedApi {
  readonly api: AdminApi;
  readonly settings: ApiSettings;
  readonly dispatcher: Agent;
}

/** Options of every command that calls the API. */
export function withApiOptions(command: Command): Command {
  return command
    .option(
      "--api <url>",
      "the API: https://api.cloudflare.com/client/v4, or our gateway's admin address (CLOUDFLARE_BASE_URL)",
    )
    .option("--account <id>", "the account (CLOUDFLARE_ACCOUNT_ID); our gateway needs none")
    .option("--json", "the answer as JSON");
}

/** Runs work with the API, and closes its connections after it. */
export async function withApi<Result>(
  options: ApiOptions,
  { env, ask, sleep, now }: CommandDeps,
  work: (opened: OpenedApi) => Promise<Result>,
): Promise<Result> {
  const settings = await readApiSettings(options, { env, askSecret: ask?.secret });
  const dispatcher = new Agent();
  try {
    return await work({ api: createAdminApi(settings, { dispatcher, sleep, now }), settings, dispatcher });
  } finally {
    await dispatcher.close();
  }
}
