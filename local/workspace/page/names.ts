import type { Person, WorkspaceState } from "../model.ts";

export interface Author {
  readonly id: string;
  readonly name: string;
  readonly kind: "person" | "bot" | "workspace";
}

/** Who wrote a message; an unknown id is the workspace itself, which writes the notices. */
export function authorOf(id: string, { people, bot }: WorkspaceState): Author {
  if (id === bot.id) return { id, name: bot.name, kind: "bot" };
  const person = people.find((one) => one.id === id);
  return person === undefined
    ? { id, name: "Gatehouse", kind: "workspace" }
    : { id, name: person.realName, kind: "person" };
}

/** How a mention reads: `@Ada Park`. */
export function mentionOf(id: string, { people, bot }: WorkspaceState): string {
  if (id === bot.id) return `@${bot.name}`;
  return `@${people.find((person) => person.id === id)?.realName ?? id}`;
}

export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? "")
    .join("");
}

/** One of eight hues, the same for a person every time. */
export function hueOf(id: string): number {
  const sum = [...id].reduce((total, character) => (total * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7);
  return (sum % 8) * 45;
}

/** Turns mentions back into what a person would type, to recall a message. */
export function toTyped(
  text: string,
  { people, bot }: { people: readonly Person[]; bot: { id: string; name: string } },
): string {
  return text
    .replace(/<@(\w+)>/g, (match, id: string) => {
      const name = id === bot.id ? bot.name : people.find((person) => person.id === id)?.name;
      return name === undefined ? match : `@${name}`;
    })
    .replace(/<#\w+\|(\w+)>/g, "#$1")
    .replace(/<!(\w+)>/g, "@$1")
    .replace(/<(https?:[^>|]+)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
