import { splitWords } from "./words.ts";

const HELP = new Set([
  "",
  "help",
  "help me",
  "hi",
  "hello",
  "hey",
  "start",
  "what can you do",
  "how does this work",
  "how do i use this",
  "usage",
]);
const METRICS = new Set([
  "metrics",
  "list",
  "list metrics",
  "all metrics",
  "show metrics",
  "list of metrics",
  "the metrics",
  "what metrics are there",
  "which metrics are there",
]);

/** Not whatever begins with the word: a metric of the catalogue may. */
const ADMIN: ReadonlySet<string> = new Set(["admin", "admin rotate", "admin status", "admin token", "rotate"]);

export type Topic = "help" | "metrics" | "admin";

/** Questions about the bot rather than the product. */
export function topicOf(text: string): Topic | undefined {
  const words = splitWords(text)
    .filter((word) => word.kind !== "mark")
    .map((word) => word.text)
    .join(" ");
  if (HELP.has(words)) return "help";
  if (ADMIN.has(words)) return "admin";
  return METRICS.has(words) ? "metrics" : undefined;
}
