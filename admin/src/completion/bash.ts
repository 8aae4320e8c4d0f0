import { SINK_KINDS } from "../sinks/parse-sink.ts";
import { namesIn, type Place, patternOf, valueOptions } from "./places.ts";

/** For bash 3.2 and later. Where nothing fits, bash completes a file. */
export function bashScript(places: readonly Place[]): string {
  return `_gatehouse() {
  local path="" word i words="" current="\${COMP_WORDS[COMP_CWORD]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && break
    path="\${path:+$path }$word"
  done
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --write)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -W '${SINK_KINDS.map((kind) => `${kind}:`).join(" ")}' -- "$current"))
      return ;;
    ${valueOptions(places).join("|")}) return ;;
  esac
  case "$path" in
${places.map((place) => `    ${patternOf(place)}) words='${namesIn(place)}' ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _gatehouse gatehouse
`;
}
