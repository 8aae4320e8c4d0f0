import { Command, InvalidArgumentError } from "commander";
import type { AccessRequest, AdminApi } from "../api/admin-api.ts";
import { type ApiOptions, withApi, withApiOptions } from "../api/open-api.ts";
import type { CommandDeps } from "../command-deps.ts";
import { parseLength } from "../duration.ts";
import { AdminError } from "../errors.ts";
import { createPaint, plain } from "../output/paint.ts";
import { openAccessLog } from "./access-log.ts";
import { createBotNames } from "./bot-names.ts";
import { formatLine } from "./log-line.ts";

interface LogsOptions extends ApiOptions {
  readonly follow?: true;
  readonly since?: string;
  readonly limit: number;
}

const POLL_MS = 2_000;
/** An API that is away is asked less and less often, up to this. */
const MAX_PAUSE_MS = 30_000;
const MAX_LIMIT = 1_000;

/** `logs [--follow]`: who was let in and who was not. */
export function createLogsCommand(deps: CommandDeps): Command {
  return withApiOptions(new Command("logs").description("the access log: who was let in, who was not, and why"))
    .option("--follow", "go on as lines come, until Ctrl-C")
    .option("--since <when>", "from when: 2026-12-01T00:00:00Z, or a length back from now: 90s, 30m, 24h, 7d")
    .option("--limit <count>", "how many lines, the newest ones", parseLimit, 50)
    .action((options: LogsOptions) => withApi(options, deps, ({ api }) => showLogs(api, options, deps)));
}

async function showLogs(api: AdminApi, options: LogsOptions, deps: CommandDeps): Promise<void> {
  const log = openAccessLog(api);
  const names = createBotNames(api);
  const paint = createPaint(deps.hasColour);
  const show = async (lines: readonly AccessRequest[]): Promise<void> => {
    if (!options.json) await names.learn(lines);
    for (const line of lines) {
      deps.print(options.json ? `${JSON.stringify(line)}\n` : formatLine(line, names.nameOf(line), paint));
    }
  };
  await show(await log.latest(options.limit, sinceOf(options.since, deps)));
  if (options.follow) await follow(log.news, show, deps);
}

/** Goes on until the process ends; an API that is away is said once, and waited for. */
async function follow(
  news: () => Promise<readonly AccessRequest[]>,
  show: (lines: readonly AccessRequest[]) => Promise<void>,
  { sleep, printError }: CommandDeps,
): Promise<never> {
  for (let failures = 0; ; ) {
    await sleep(Math.min(POLL_MS * 2 ** failures, MAX_PAUSE_MS));
    try {
      await show(await news());
      if (failures > 0) printError("The API is back.\n");
      failures = 0;
    } catch (error) {
      if (!(error instanceof AdminError) || error.code !== "ERR_ADMIN_API_UNREACHABLE") throw error;
      if (failures === 0) printError(`${plain(error.message)} Waiting for it.\n`);
      failures += 1;
    }
  }
}

function sinceOf(text: string | undefined, { now }: CommandDeps): string | undefined {
  if (text === undefined || !/^\d+[smhd]$/.test(text)) return text;
  return new Date(now() - parseLength(text)).toISOString();
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 0 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_LIMIT}.`);
}
