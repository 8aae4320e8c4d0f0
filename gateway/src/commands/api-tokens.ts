import type { Command } from "commander";
import type { ApiToken, ApiTokens, ApiTokenWithSecret } from "../api-tokens/api-tokens.ts";
import { API_SCOPES } from "../api-tokens/scopes.ts";
import { formatTable } from "./table.ts";
import { withStore } from "./with-store.ts";

/** Adds `api-tokens create|list|delete`: what programs show to the admin API. */
export function addApiTokensCommand(program: Command): void {
  const tokens = program
    .command("api-tokens")
    .description("API tokens: what programs and the admin page show to the admin API");
  tokens
    .command("create <name>")
    .description("make an API token; it is shown this once")
    .requiredOption("--scope <scopes...>", `what it may do: all, *:read, ${API_SCOPES.join(", ")}`)
    .option("--duration <duration>", "how long it lives: 8760h, 30m, forever", "forever")
    .action((name: string, { scope: scopes, duration }: { scope: string[]; duration: string }) =>
      withApiTokens(async (store) => formatCreated(await store.create({ name, scopes, duration }))),
    );
  tokens
    .command("list")
    .description("all API tokens: scopes, expiry, last use")
    .action(() => withApiTokens(async (store) => formatList(await store.list())));
  tokens
    .command("delete <id>")
    .description("delete an API token, in force within a second")
    .action((id: string) =>
      withApiTokens(async (store) => {
        const { name } = await store.delete(id);
        return `API token "${name}" is deleted.\n`;
      }),
    );
}

function withApiTokens(work: (tokens: ApiTokens) => Promise<string>): Promise<void> {
  return withStore(({ apiTokens }) => work(apiTokens));
}

function formatCreated({ name, id, scopes, expiresAt, secret }: ApiTokenWithSecret): string {
  return `API token "${name}" (id ${id}), good until ${expiresAt?.slice(0, 10) ?? "forever"}, may: ${scopes.join(", ")}.
It is shown this once. Send it as Authorization: Bearer, or paste it into the admin page's login:

${secret}
`;
}

const HEADINGS = ["NAME", "ID", "SCOPES", "EXPIRES", "LAST USED"];

function formatList(tokens: readonly ApiToken[]): string {
  if (tokens.length === 0) {
    return "There are no API tokens. Make one: npm run gateway -- api-tokens create NAME --scope all\n";
  }
  const rows = tokens.map(({ name, id, scopes, expiresAt, lastUsedAt }) => [
    name,
    id,
    scopes.length === API_SCOPES.length ? "all" : scopes.join(","),
    expiresAt?.slice(0, 10) ?? "forever",
    lastUsedAt?.replace("T", " ").slice(0, 16) ?? "never",
  ]);
  return formatTable([HEADINGS, ...rows]);
}
