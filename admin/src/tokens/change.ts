import { Command } from "commander";
import type { AdminApi } from "../api/admin-api.ts";
import { type ApiOptions, withApi, withApiOptions } from "../api/open-api.ts";
import type { ApiServiceToken } from "../api/service-token.ts";
import type { CommandDeps } from "../command-deps.ts";
import { confirm } from "../confirm.ts";
import { formatDryRun } from "../output/dry-run.ts";
import { formatJson } from "../output/json.ts";
import { createPaint, plain } from "../output/paint.ts";
import { findToken } from "./find-token.ts";
import { formatToken } from "./token-text.ts";

/** A change that needs the token and nothing else. */
export interface Change {
  readonly name: string;
  readonly does: string;
  /** Asked before it is done, for what hurts; `--yes` answers it. */
  readonly question?: string;
  readonly run: (api: AdminApi, token: ApiServiceToken) => Promise<Changed>;
}

interface Changed {
  readonly token: ApiServiceToken;
  /** What has become of it: `Deleted.` */
  readonly done: string;
}

interface ChangeOptions extends ApiOptions {
  readonly yes?: true;
  readonly dryRun?: true;
}

export function createChangeCommand(change: Change, deps: CommandDeps): Command {
  const command = withApiOptions(new Command(change.name).description(change.does))
    .argument("<token>", "its name, id or client id")
    .option("--dry-run", "say what would be done, and do nothing");
  if (change.question !== undefined) command.option("--yes", "do not ask");
  return command.action((wanted: string, options: ChangeOptions) =>
    withApi(options, deps, async ({ api }) => {
      const token = await findToken(api, wanted);
      if (options.dryRun)
        return deps.print(formatDryRun(`${change.name} "${plain(token.name)}" (${token.id})`, options));
      const { question } = change;
      if (question !== undefined) {
        await confirm(`${question} "${plain(token.name)}" (${token.client_id})?`, options.yes, deps);
      }
      const changed = await change.run(api, token);
      const text = { nowMs: deps.now(), paint: createPaint(deps.hasColour) };
      const shown = `${formatToken({ ...token, ...changed.token }, text)}${changed.done}\n`;
      deps.print(options.json ? formatJson(changed.token) : shown);
    }),
  );
}
