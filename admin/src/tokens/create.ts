import { Command } from "commander";
import { type ApiOptions, withApi, withApiOptions } from "../api/open-api.ts";
import type { ApiServiceTokenWithSecret } from "../api/service-token.ts";
import type { CommandDeps } from "../command-deps.ts";
import { AdminError } from "../errors.ts";
import { formatDryRun } from "../output/dry-run.ts";
import { formatJson } from "../output/json.ts";
import { createPaint, plain } from "../output/paint.ts";
import { parseSink, SINK_HELP } from "../sinks/parse-sink.ts";
import type { Sink } from "../sinks/sink.ts";
import { formatToken } from "./token-text.ts";

interface CreateOptions extends ApiOptions {
  readonly duration?: string;
  readonly write?: string;
  readonly show?: true;
  readonly dryRun?: true;
}

/** `tokens create NAME --write SINK`: the secret goes to the sink, and to the screen only with `--show`. */
export function createCreateCommand(deps: CommandDeps): Command {
  const command = new Command("create").description("make a token, and hand its secret over").argument("<name>");
  return withApiOptions(command)
    .option("--duration <duration>", "how long it lives: 8760h (the default), 720h, forever")
    .option("--write <sink>", "where the secret goes")
    .option("--show", "show the secret here, once, instead")
    .option("--dry-run", "check the sink, say what would be done, and do nothing")
    .addHelpText("after", `\n${SINK_HELP}`)
    .action((name: string, options: CreateOptions) => create(name, options, deps));
}

async function create(name: string, options: CreateOptions, deps: CommandDeps): Promise<void> {
  if ((options.write === undefined) === (options.show === undefined)) {
    throw new AdminError("ERR_ADMIN_USAGE", `Say where the secret goes: --write SINK, or --show.\n${SINK_HELP}`);
  }
  await withApi(options, deps, async ({ api, dispatcher }) => {
    const sink = options.write === undefined ? undefined : parseSink(options.write, { env: deps.env, dispatcher });
    await sink?.check();
    if (options.dryRun) {
      const handOverTo = sink === undefined ? "show its secret" : `write its secret to ${sink.name}`;
      return deps.print(formatDryRun(`create "${plain(name)}" and ${handOverTo}`, options));
    }
    const { duration } = options;
    const token = await api.createToken({ name, ...(duration !== undefined && { duration }) });
    if (sink !== undefined) await handOver(sink, token);
    deps.print(describe(token, options, sink, deps));
  });
}

/** A secret that cannot be written would be lost: then the token is told to be rotated, not made again. */
async function handOver(sink: Sink, token: ApiServiceTokenWithSecret): Promise<void> {
  try {
    await sink.write({ clientId: token.client_id, clientSecret: token.client_secret });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const advice = `The token ${token.id} was created; run tokens rotate ${token.id} --write … to give it a new secret.`;
    throw new AdminError("ERR_ADMIN_SINK", `${why} ${advice}`, { cause });
  }
}

function describe(
  token: ApiServiceTokenWithSecret,
  { json, show }: CreateOptions,
  sink: Sink | undefined,
  deps: CommandDeps,
) {
  const { client_secret: secret, ...rest } = token;
  if (json) return formatJson(show ? token : rest);
  const text = formatToken(rest, { nowMs: deps.now(), paint: createPaint(deps.hasColour) });
  const where = show
    ? `Secret:      ${secret}\n\nIt cannot be shown again.`
    : `The secret was written to ${sink?.name}.`;
  return `${text}${where}\n`;
}
