import { Command } from "commander";
import { withApi, withApiOptions } from "../api/open-api.ts";
import type { CommandDeps } from "../command-deps.ts";
import { AdminError } from "../errors.ts";
import { formatJson } from "../output/json.ts";
import { createPaint, plain } from "../output/paint.ts";
import { type Change, createChangeCommand } from "./change.ts";
import { createCreateCommand } from "./create.ts";
import { findToken } from "./find-token.ts";
import { createRotateCommand } from "./rotate-command.ts";
import { formatToken, formatTokens } from "./token-text.ts";

const CHANGES: readonly Change[] = [
  {
    name: "refresh",
    does: "give a token another term of its duration, from now",
    run: async (api, { id }) => ({ token: await api.refreshToken(id), done: "Refreshed." }),
  },
  {
    name: "disable",
    does: "stop a token until it is enabled; its bots are refused at once",
    question: "Its bots are refused at once. Disable",
    run: async (api, { id }) => ({ token: await api.updateToken(id, { enabled: false }), done: "Disabled." }),
  },
  {
    name: "enable",
    does: "let a disabled token in again",
    run: async (api, { id }) => ({ token: await api.updateToken(id, { enabled: true }), done: "Enabled." }),
  },
  {
    name: "revoke",
    does: "end a token for good: disable it, and delete it where no policy names it",
    question: "This cannot be undone. Revoke",
    run: revoke,
  },
  {
    name: "delete",
    does: "delete a token; refused while a policy or a group names it",
    question: "This cannot be undone. Delete",
    run: async (api, { id }) => ({ token: await api.deleteToken(id), done: "Deleted." }),
  },
];

/** `tokens …`: service tokens at Cloudflare or at our gateway. */
export function createTokensCommand(deps: CommandDeps): Command {
  const tokens = new Command("tokens").description("service tokens: what bots carry instead of a login");
  tokens.addCommand(createListCommand(deps));
  tokens.addCommand(createShowCommand(deps));
  tokens.addCommand(createCreateCommand(deps));
  tokens.addCommand(createRotateCommand(deps));
  for (const change of CHANGES) tokens.addCommand(createChangeCommand(change, deps));
  return tokens;
}

function createListCommand(deps: CommandDeps): Command {
  const command = new Command("list").description("all tokens: state, expiry, last use, who still uses an old secret");
  return withApiOptions(command).action((options) =>
    withApi(options, deps, async ({ api }) => {
      const found = await api.listTokens();
      const text = { nowMs: deps.now(), paint: createPaint(deps.hasColour), columns: deps.columns };
      deps.print(options.json ? formatJson(found) : formatTokens(found, text));
    }),
  );
}

function createShowCommand(deps: CommandDeps): Command {
  const command = new Command("show")
    .description("one token, with each version of its secret")
    .argument("<token>", TOKEN_HELP);
  return withApiOptions(command).action((wanted: string, options) =>
    withApi(options, deps, async ({ api }) => {
      const token = await api.getToken((await findToken(api, wanted)).id);
      const text = { nowMs: deps.now(), paint: createPaint(deps.hasColour) };
      deps.print(options.json ? formatJson(token) : formatToken(token, text));
    }),
  );
}

const TOKEN_HELP = "its name, id or client id";

async function revoke(...[api, token]: Parameters<Change["run"]>) {
  const disabled = await api.updateToken(token.id, { enabled: false });
  try {
    const deleted = await api.deleteToken(token.id);
    return { token: { ...deleted, enabled: false }, done: "Disabled and deleted." };
  } catch (error) {
    // A policy names it still; disabled it opens nothing.
    const isNamed = error instanceof AdminError && error.code === "ERR_ADMIN_API_REFUSED";
    if (isNamed) return { token: disabled, done: `Disabled, and kept: ${plain(error.message)}` };
    throw error;
  }
}
