import type { Command, Option } from "commander";
import { SINK_KINDS } from "../sinks/parse-sink.ts";

/** A place in a command line, and what may follow there. */
export interface Place {
  /** `tokens rotate` */
  readonly path: string;
  /** Whether anything but a command may follow: arguments and options. */
  readonly isLeaf: boolean;
  /** Commands, or the choices of an argument. */
  readonly words: readonly { readonly word: string; readonly does: string }[];
  readonly options: readonly PlaceOption[];
}

export interface PlaceOption {
  /** With the dashes. */
  readonly name: string;
  readonly does: string;
  readonly takesValue: boolean;
  /** How its value may begin. */
  readonly beginnings: readonly string[];
}

const HELP: PlaceOption = { name: "--help", does: "display help for command", takesValue: false, beginnings: [] };

/** All places of a program, the deepest first, for the first that fits is taken. */
export function readPlaces(command: Command, above: readonly string[] = []): readonly Place[] {
  const below = command.commands.flatMap((child) => readPlaces(child, [...above, child.name()]));
  const commands = command.commands.map((child) => ({ word: child.name(), does: child.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const place: Place = {
    path: above.join(" "),
    isLeaf: commands.length === 0,
    words: [...commands, ...choices.map((word) => ({ word, does: "" }))],
    options: [...command.options.flatMap(optionOf), HELP],
  };
  return [...below, place];
}

function optionOf({ long, description, required }: Option): readonly PlaceOption[] {
  if (long == null) return [];
  const beginnings = long === "--write" ? SINK_KINDS.map((kind) => `${kind}:`) : [];
  return [{ name: long, does: description, takesValue: required, beginnings }];
}

/** Options whose value the shell completes by itself, as a file. */
export function valueOptions(places: readonly Place[]): readonly string[] {
  const found = places.flatMap(({ options }) => options);
  const names = found.flatMap(({ name, takesValue, beginnings }) =>
    takesValue && beginnings.length === 0 ? [name] : [],
  );
  return [...new Set(names)];
}

/** `'tokens rotate'|'tokens rotate '*`, as bash and zsh match it. */
export function patternOf({ path, isLeaf }: Place): string {
  return isLeaf ? `'${path}'|'${path} '*` : `'${path}'`;
}

export function namesIn({ words, options }: Place): string {
  return [...words.map(({ word }) => word), ...options.map(({ name }) => name)].join(" ");
}
