import { SINK_KINDS } from "../sinks/parse-sink.ts";
import { namesIn, type Place, patternOf, valueOptions } from "./places.ts";

/** For zsh, after `compinit`. */
export function zshScript(places: readonly Place[]): string {
  return `#compdef gatehouse
_gatehouse() {
  local -a found
  case "\${words[CURRENT-1]}" in
    --write) compset -P '*:' && _files || compadd -S '' -- ${SINK_KINDS.map((kind) => `${kind}:`).join(" ")}; return ;;
    ${valueOptions(places).join("|")}) _files; return ;;
  esac
  case "\${words[2,CURRENT-1]}" in
${places.map((place) => `    ${patternOf(place)}) found=(${namesIn(place)}) ;;`).join("\n")}
  esac
  compadd -- $found
}
compdef _gatehouse gatehouse
`;
}
