import { Command, InvalidArgumentError, Option } from "commander";
import { type ApiOptions, type OpenedApi, withApi, withApiOptions } from "../api/open-api.ts";
import type { CommandDeps } from "../command-deps.ts";
import { parseLength } from "../duration.ts";
import { formatDryRun } from "../output/dry-run.ts";
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
  readonly force?: true;
  readonly dryRun?: true;
}

/** The bot has to take the new secret up before the old one ends, and a crash to be noticed. */
const MIN_OVERLAP_MS = 60_000;

/** `tokens rotate TOKEN --overlap 24h --write SINK --verify URL --wait`. */
export function createRotateCommand(deps: CommandDeps): Command {
  const command = new Command("rotate")
    .description("give a token a new secret without its bot missing a request; run it again after a crash to go on")
    .argument("<token>", "its name, id or client id");
  return withApiOptions(command)
    .requiredOption("--write <sink>", "where the new secret goes")
    .addOption(lengthOption("--overlap <length>", "how long the old secret works too", "24h", parseOverlap))
    .option("--verify <url>", "a URL behind the gateway that the new secret must open", parseUrl)
    .option("--wait", "wait until nobody uses the old secret, and end it then")
    .addOption(lengthOption("--quiet <length>", "unused for so long counts as unused", "60s", parseLength))
    .option("--force", "rotate although the old secret of an earlier rotation is in use: it ends at once")
    .option("--dry-run", "check the sink, say what would be done, and do nothing")
    .addHelpText("after", `\n${SINK_HELP}`)
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
    isForced: options.force === true,
  };
  if (options.dryRun) {
    await plan.sink.check();
    return deps.print(formatDryRun(`rotate "${plain(token.name)}" and write to ${plan.sink.name}`, options));
  }
  const steps: string[] = [];
  const paint = createPaint(deps.hasColour);
  const say = (line: string): void => {
    steps.push(line);
    if (!options.json) deps.print(`${paint("green", "✓")} ${line}\n`);
  };
  const journal = openJournal(settings.baseUrl, journalFolder(deps.env));
  const { now, sleep, showProgress } = deps;
  await rotate(plan, { api, journal, prove: proveByRequest, now, sleep, say, showProgress });
  if (options.json) deps.print(formatJson({ token: await api.getToken(token.id), steps }));
}

function lengthOption(flags: string, does: string, fallback: string, parse: (text: string) => number): Option {
  return new Option(flags, does).argParser(parse).default(parse(fallback), fallback);
}

function parseOverlap(text: string): number {
  const overlapMs = parseLength(text);
  if (overlapMs >= MIN_OVERLAP_MS) return overlapMs;
  throw new InvalidArgumentError("The bot needs at least 1m to change over to the new secret.");
}
