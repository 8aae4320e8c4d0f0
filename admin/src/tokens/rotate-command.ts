import { Command } from "commander";
import { type ApiOptions, type OpenedApi, withApi, withApiOptions } from "../api/open-api.ts";
import type { CommandDeps } from "../command-deps.ts";
import { parseLength } from "../duration.ts";
import { formatJson } from "../output/json.ts";
import { createPaint, plain } from "../output/paint.ts";
import { parseUrl } from "../parse-url.ts";
import { journalFolder, openJournal } from "../rotation/journal.ts";
import { proveByRequest } from "../rotation/prove.ts";
import { type RotationPlan, rotate } from "../rotation/rotate.ts";
import { parseSink, SINK_HELP } from "../sinks/parse-sink.ts";
import { findToken } from "./find-token.ts";

interface RotateOptions extends ApiOptions {
  readonly overlap: number;
  readonly write: string;
  readonly verify?: URL;
  readonly wait?: true;
  readonly quiet: number;
  readonly dryRun?: true;
}

const DEFAULT_OVERLAP = "24h";
const DEFAULT_QUIET = "60s";

/** `tokens rotate TOKEN --overlap 24h --write SINK --verify URL --wait`. */
export function createRotateCommand(deps: CommandDeps): Command {
  const command = new Command("rotate")
    .description("give a token a new secret without its bot missing a request; run it again after a crash to go on")
    .argument("<token>", "its name, id or client id");
  return withApiOptions(command)
    .requiredOption("--write <sink>", "where the new secret goes")
    .option("--overlap <length>", "how long the old secret works too", parseLength, parseLength(DEFAULT_OVERLAP))
    .option("--verify <url>", "a URL behind the gateway that the new secret must open", parseUrl)
    .option("--wait", "wait until nobody uses the old secret, and end it then")
    .option("--quiet <length>", "unused for so long counts as unused", parseLength, parseLength(DEFAULT_QUIET))
    .option("--dry-run", "check the sink, say what would be done, and do nothing")
    .addHelpText("after", `\nDefaults: --overlap ${DEFAULT_OVERLAP}, --quiet ${DEFAULT_QUIET}.\n${SINK_HELP}`)
    .action((wanted: string, options: RotateOptions) =>
      withApi(options, deps, (opened) => run(wanted, options, opened, deps)),
    );
}

async function run(
  wanted: string,
  options: RotateOptions,
  { api, settings, dispatcher }: OpenedApi,
  deps: CommandDeps,
) {
  const token = await findToken(api, wanted);
  const plan: RotationPlan = {
    token,
    overlapMs: options.overlap,
    sink: parseSink(options.write, { env: deps.env, dispatcher }),
    verifyUrl: options.verify,
    waits: options.wait === true,
    quietMs: options.quiet,
  };
  if (options.dryRun) {
    await plan.sink.check();
    return deps.print(`Would rotate "${plain(token.name)}" and write to ${plan.sink.name}.\n`);
  }
  const steps: string[] = [];
  const paint = createPaint(deps.hasColour);
  const say = (line: string): void => {
    steps.push(line);
    if (!options.json) deps.print(`${paint("green", "✓")} ${line}\n`);
  };
  const journal = openJournal(settings.baseUrl, journalFolder(deps.env));
  await rotate(plan, { api, journal, prove: proveByRequest, now: deps.now, sleep: deps.sleep, say });
  if (options.json) deps.print(formatJson({ token: await api.getToken(token.id), steps }));
}
