import { type CredentialSource, environmentCredentials } from "@gatehouse/access-client";
import { Command, InvalidArgumentError } from "commander";
import { Agent } from "undici";
import type { CommandDeps } from "../command-deps.ts";
import { parseUrl } from "../parse-url.ts";
import { examine } from "./examine.ts";
import { judge } from "./judge.ts";
import { formatFindings, formatReport, isHealthy } from "./report.ts";

interface DoctorOptions {
  readonly url: URL;
  readonly origin?: URL;
  readonly audience?: string;
  readonly json?: true;
  readonly timeout: number;
}

const DEFAULT_TIMEOUT_SECONDS = 10;
const MAX_TIMEOUT_SECONDS = 120;

/** `doctor --url URL`: examines an app behind Access from this machine, and says what is wrong and who mends it. */
export function createDoctorCommand(deps: CommandDeps): Command {
  return new Command("doctor")
    .description("examine an app behind Access: reachable, protected, and open to the service token of the environment")
    .requiredOption("--url <url>", "the URL that a bot would ask for", parseUrl)
    .option("--origin <url>", "the app's own address, which nobody should reach past the gateway", parseOrigin)
    .option("--audience <aud>", "the AUD tag that the app expects")
    .option("--json", "findings as JSON")
    .option("--timeout <seconds>", "for each step", parseTimeout, DEFAULT_TIMEOUT_SECONDS)
    .addHelpText(
      "after",
      "\nThe pair is read from CLOUDFLARE_ACCESS_CLIENT_ID and CLOUDFLARE_ACCESS_CLIENT_SECRET, or the same with _FILE.\nWith SLACK_BOT_TOKEN (and SLACK_APP_TOKEN) the bot's Slack side is examined too.",
    )
    .action(async (options: DoctorOptions) => deps.setExitCode(await runDoctor(options, deps)));
}

async function runDoctor({ url, origin, audience, json, timeout }: DoctorOptions, deps: CommandDeps): Promise<0 | 1> {
  const source: CredentialSource = environmentCredentials(deps.env);
  const dispatcher = new Agent();
  const readCredentials = () => source.read();
  const subject = { url, ...(origin && { originUrl: origin }), ...(audience && { audience }) };
  const { now, env } = deps;
  const seen = await examine(subject, { dispatcher, readCredentials, now, env, timeoutMs: timeout * 1_000 });
  await dispatcher.destroy();
  const findings = judge(seen, deps.now());
  deps.print(json ? formatFindings(seen.url, findings) : formatReport(seen.url, findings, deps.hasColour));
  return isHealthy(findings) ? 0 : 1;
}

/** It carries no credential, so plain http will do. */
function parseOrigin(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new InvalidArgumentError("It must be a URL: http://10.0.0.5:8080/");
}

function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS) return seconds;
  throw new InvalidArgumentError(`It must be a whole number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}.`);
}
