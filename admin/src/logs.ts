import { Command } from "commander";
import type { AccessRequest } from "./api/admin-api.ts";
import { type ApiOptions, withApi, withApiOptions } from "./api/open-api.ts";
import type { CommandDeps } from "./command-deps.ts";
import { createPaint, type Paint, plain } from "./output/paint.ts";

interface LogsOptions extends ApiOptions {
  readonly follow?: true;
  readonly since?: string;
  readonly limit: string;
}

const POLL_MS = 2_000;

/** `logs [--follow]`: who was let in and who was not. */
export function createLogsCommand(deps: CommandDeps): Command {
  return withApiOptions(new Command("logs").description("the access log: who was let in, who was not, and why"))
    .option("--follow", "go on as lines come, until Ctrl-C")
    .option("--since <instant>", "from when: 2026-12-01T00:00:00Z")
    .option("--limit <count>", "how many lines", "50")
    .action((options: LogsOptions) =>
      withApi(options, deps, async ({ api }) => {
        let since = options.since;
        const seen = new Set<string>();
        const show = async (): Promise<void> => {
          const query = { limit: options.limit, direction: "desc", ...(since !== undefined && { since }) };
          const lines = (await api.accessRequests(query)).toReversed().filter((line) => !seen.has(keyOf(line)));
          for (const line of lines) {
            seen.add(keyOf(line));
            since = line.created_at;
            deps.print(options.json ? `${JSON.stringify(line)}\n` : formatLine(line, createPaint(deps.hasColour)));
          }
        };
        await show();
        while (options.follow) {
          await deps.sleep(POLL_MS);
          await show();
        }
      }),
    );
}

function keyOf({ created_at: at, ray_id: ray, action }: AccessRequest): string {
  return `${at} ${ray} ${action}`;
}

function formatLine(line: AccessRequest, paint: Paint): string {
  const verdict = line.allowed ? paint("green", "allowed") : paint("red", "refused");
  const parts = [line.created_at, verdict, line.user_email, line.action, line.app_domain, line.ip_address, line.ray_id];
  return `${parts.map((part) => (part === verdict ? part : plain(part || "-"))).join("  ")}\n`;
}
