import type { Place, PlaceOption } from "./places.ts";

/** For fish 3 and later, with descriptions. */
export function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const start = `complete -c gatehouse -n "__gatehouse_at ${quote(place.path)} ${place.isLeaf ? "leaf" : "group"}"`;
    const words = place.words.map(({ word, does }) => `${start} -f -a ${word}${described(does)}`);
    return [...words, ...place.options.map((option) => `${start} ${formatOption(option)}`)];
  });
  return `${CONDITION}complete -c gatehouse -f
${lines.join("\n")}
`;
}

/** A group is left as soon as a word follows; a command's arguments and options stay with it. */
const CONDITION = `function __gatehouse_at
  set -l typed (string join -- ' ' (commandline -opc)[2..])
  test "$typed" = "$argv[1]"
  or begin
    test $argv[2] = leaf
    and string match -q -- "$argv[1] *" "$typed"
  end
end
`;

function formatOption({ name, does, takesValue, beginnings }: PlaceOption): string {
  const values = beginnings.length === 0 ? "-F" : `-a ${quote(beginnings.join(" "))}`;
  return `-l ${name.slice(2)}${takesValue ? ` -r ${values}` : ""}${described(does)}`;
}

function described(text: string): string {
  return text === "" ? "" : ` -d ${quote(text)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
