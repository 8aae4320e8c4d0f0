import { Command } from "commander";
import { addApiTokensCommand } from "./commands/api-tokens.ts";
import { serve } from "./commands/serve.ts";
import { addTokensCommand } from "./commands/tokens.ts";

export const program = new Command("gateway")
  .description("The Access gateway. Without a command it serves, configured by the environment (gateway/README.md).")
  .action(serve);
addTokensCommand(program);
addApiTokensCommand(program);
