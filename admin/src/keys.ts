import { Command } from "commander";
import type { ApiKeyRotation } from "./api/admin-api.ts";
import { type ApiOptions, withApi, withApiOptions } from "./api/open-api.ts";
import type { CommandDeps } from "./command-deps.ts";
import { confirm } from "./confirm.ts";
import { formatDryRun } from "./output/dry-run.ts";
import { formatJson } from "./output/json.ts";

interface KeysOptions extends ApiOptions {
  readonly yes?: true;
  readonly dryRun?: true;
}

const QUESTION = "A new signing key is made; JWTs of the old one stay good until the overlap ends. Rotate?";

/** `keys rotate`: a new signing key. */
export function createKeysCommand(deps: CommandDeps): Command {
  const rotate = withApiOptions(new Command("rotate").description("make a new signing key now, with the usual overlap"))
    .option("--yes", "do not ask")
    .option("--dry-run", "say what would be done, and do nothing")
    .action((options: KeysOptions) =>
      withApi(options, deps, async ({ api }) => {
        if (options.dryRun) return deps.print(formatDryRun("rotate the signing key", options));
        await confirm(QUESTION, options.yes, deps);
        const rotated = await api.rotateKeys();
        deps.print(options.json ? formatJson(rotated) : formatRotation(rotated));
      }),
    );
  return new Command("keys").description("the keys that sign the JWTs").addCommand(rotate);
}

function formatRotation({ last_key_rotation_at: at, days_until_next_rotation: days }: ApiKeyRotation): string {
  const next = days === undefined ? "" : ` The next rotation is due in ${Math.round(days)} days.`;
  return `The signing key was rotated${at === undefined ? "" : ` at ${at}`}.${next}\n`;
}
