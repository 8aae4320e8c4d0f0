import { Command } from "commander";
import { type ApiOptions, withApi, withApiOptions } from "./api/open-api.ts";
import type { CommandDeps } from "./command-deps.ts";
import { AdminError } from "./errors.ts";
import { formatJson } from "./output/json.ts";
import { plain } from "./output/paint.ts";
import { findToken } from "./tokens/find-token.ts";

interface TestOptions extends ApiOptions {
  readonly url: string;
  readonly token?: string;
  readonly email?: string;
  readonly ip?: string;
}

interface DryRun {
  readonly application?: { readonly name?: string } | null;
  readonly decision?: string;
  readonly reason?: string | null;
  readonly policies?: readonly { readonly name: string; readonly decision: string; readonly matches: boolean }[];
}

/** `policies test --url URL --token NAME`: would this token or person get in, and which rule says so. Our gateway only. */
export function createPoliciesCommand(deps: CommandDeps): Command {
  const test = withApiOptions(
    new Command("test").description("would this token or person reach this URL, and which rule says so"),
  )
    .requiredOption("--url <url>", "the URL that they would ask for")
    .option("--token <token>", "a service token, by name, id or client id")
    .option("--email <address>", "a person")
    .option("--ip <address>", "where the request comes from")
    .action((options: TestOptions) =>
      withApi(options, deps, async ({ api }) => {
        if (options.token !== undefined && options.email !== undefined) {
          throw new AdminError("ERR_ADMIN_USAGE", "Give --token or --email, not both.");
        }
        const token = options.token === undefined ? undefined : await findToken(api, options.token);
        const subject = token === undefined ? emailSubject(options) : { service_token: token.id };
        const found = (await api.dryRun({
          url: options.url,
          ...(options.ip && { ip: options.ip }),
          subject,
        })) as DryRun;
        deps.print(options.json ? formatJson(found) : formatDryRun(found));
        if (found.decision === "refused") deps.setExitCode(1);
      }),
    );
  return new Command("policies").description("who gets in where").addCommand(test);
}

function emailSubject({ email }: TestOptions) {
  return email === undefined ? undefined : { email };
}

function formatDryRun({ application, decision, reason, policies = [] }: DryRun): string {
  const lines = [
    `Application: ${plain(application?.name ?? "none")}`,
    `Decision:    ${plain(decision ?? "unknown")}${reason ? ` (${plain(reason)})` : ""}`,
    ...policies.map(
      ({ name, decision: kind, matches }) => `  ${matches ? "✓ matches" : "· no match"}  ${plain(`${name} (${kind})`)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
