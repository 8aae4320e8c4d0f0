import type { SlashCommand, WorkspaceState } from "../model.ts";

export interface CompletionItem {
  readonly label: string;
  readonly detail: string;
  /** Replaces what was typed from `from` to the caret. */
  readonly insert: string;
}

export interface Completion {
  readonly from: number;
  readonly items: readonly CompletionItem[];
}

type Sources = Pick<WorkspaceState, "commands" | "people" | "bot" | "channels">;

/** What the text before the caret could become; pure. Commands only at the very start. */
export function completionAt(text: string, caret: number, sources: Sources): Completion | null {
  const before = text.slice(0, caret);
  const command = /^\/\w*$/.exec(before);
  if (command !== null) return found(0, command[0], commandsOf(sources).map(commandItem));
  const mention = /(?:^|[\s(])([@#]\w*)$/.exec(before);
  const typed = mention?.[1];
  if (typed === undefined) return null;
  const items = typed.startsWith("@") ? mentionItems(sources) : channelItems(sources);
  return found(caret - typed.length, typed, items);
}

function found(from: number, typed: string, items: readonly CompletionItem[]): Completion | null {
  const wanted = typed.toLowerCase();
  const fitting = items.filter(({ insert }) => insert.startsWith(wanted) && insert.trim() !== wanted);
  return fitting.length === 0 ? null : { from, items: fitting };
}

/** The app's commands and the workspace's own. */
function commandsOf({ commands, bot }: Sources): readonly SlashCommand[] {
  const invite = { command: "/invite", description: `Add ${bot.name} to this channel`, usageHint: `@${bot.name}` };
  return [...commands, invite];
}

function commandItem({ command, description, usageHint }: SlashCommand): CompletionItem {
  return { label: `${command} ${usageHint}`, detail: description, insert: `${command} ` };
}

function mentionItems({ people, bot }: Sources): CompletionItem[] {
  const persons = people.map(({ name, realName }) => ({ label: `@${name}`, detail: realName, insert: `@${name} ` }));
  return [{ label: `@${bot.name}`, detail: "The statistics bot", insert: `@${bot.name} ` }, ...persons];
}

function channelItems({ channels }: Sources): CompletionItem[] {
  return channels
    .filter(({ kind }) => kind === "channel")
    .map(({ name, topic }) => ({ label: `#${name}`, detail: topic, insert: `#${name} ` }));
}

/** The command that is being filled in, for its usage hint. */
export function commandOf(text: string, sources: Sources): SlashCommand | undefined {
  const name = /^(\/\w+)\s/.exec(text)?.[1];
  return commandsOf(sources).find(({ command }) => command === name);
}
