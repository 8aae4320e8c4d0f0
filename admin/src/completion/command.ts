import { Argument, Command } from "commander";
import type { CommandDeps } from "../command-deps.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { readPlaces } from "./places.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `completion bash|zsh|fish`: a script for the shell to read, made from the commands themselves. */
export function createCompletionCommand(program: Command, deps: CommandDeps): Command {
  return new Command("completion")
    .description("a script that completes commands and options: source <(gatehouse completion bash)")
    .addArgument(new Argument("<shell>").choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => deps.print(SCRIPTS[shell](readPlaces(program))));
}
