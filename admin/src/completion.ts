import { Argument, Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";

type Shell = "bash" | "zsh" | "fish";

/** `completion bash|zsh|fish`: a script for the shell to read, made from the commands themselves. */
export function createCompletionCommand(program: Command, deps: CommandDeps): Command {
  return new Command("completion")
    .description("a script that completes commands and options: source <(gatehouse completion bash)")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action((shell: Shell) => deps.print(SCRIPTS[shell](wordsOf(program))));
}

/** What may follow each command path: `tokens rotate` → `--write --overlap …`. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(command: Command, path: readonly string[] = []): Words {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const own = [...command.commands.map((child) => child.name()), ...options, "--help"];
  const below = command.commands.flatMap((child) => [...wordsOf(child, [...path, child.name()])]);
  return new Map([[path.join(" "), own], ...below]);
}

const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `_gatehouse() {
  local path="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && break
    path="\${path:+$path }$word"
  done
  local words=""
  case "$path" in
${cases(words, (path, list) => `    ${quote(path)}*) words=${quote(list.join(" "))} ;;`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _gatehouse gatehouse
`,
  zsh: (words) => `#compdef gatehouse
_gatehouse() {
  local typed="\${words[2,CURRENT-1]}"
  local -a found
  case "$typed" in
${cases(words, (path, list) => `    ${quote(path)}*) found=(${list.join(" ")}) ;;`)}
  esac
  compadd -- $found
}
compdef _gatehouse gatehouse
`,
  fish: (words) =>
    [...words]
      .map(([path, list]) => {
        const condition =
          path === ""
            ? "__fish_use_subcommand"
            : `string match -q -- '${path}*' (string join ' ' (commandline -opc)[2..])`;
        return `complete -c gatehouse -f -n "${condition}" -a '${list.join(" ")}'`;
      })
      .join("\n")
      .concat("\n"),
};

/** The longest path first, for the first that fits is taken. */
function cases(words: Words, line: (path: string, list: readonly string[]) => string): string {
  return [...words]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([path, list]) => line(path, list))
    .join("\n");
}

function quote(text: string): string {
  return `'${text}'`;
}
