/** One word of a question. `text` is for matching, `raw` is as it was typed. */
export interface Word {
  readonly text: string;
  readonly raw: string;
  readonly kind: "word" | "number" | "date" | "zone" | "quoted" | "mark";
}

/** Longer questions are refused unread: nobody types them, and parsing stays cheap. */
export const MAX_QUESTION_LENGTH = 500;

/** Order matters: the first alternative that matches wins. */
const WORD = new RegExp(
  [
    '"(?<quoted>[^"]*)"',
    String.raw`(?<date>\d{4}-\d{2}-\d{2}(?:[tT]\d{2}:\d{2})?|\d{4}/\d{1,2}/\d{1,2}|\d{4}-[wW]\d{1,2}|\d{4}-\d{2}(?!\d)|\d{1,2}[./]\d{1,2}[./]\d{4})`,
    "(?<zone>[A-Za-z]+(?:/[A-Za-z_]+(?:[-+]?[A-Za-z0-9_]+)*)+)",
    String.raw`(?<number>\d+(?![\p{L}\p{N}_]))`,
    String.raw`(?<word>[\p{L}\p{N}_]+)`,
    String.raw`(?<mark>!=|<>|==|=|,|:|&|\.\.|(?<=\d)\s*-\s*(?=\d)|(?<=\s)-(?=\s))`,
  ].join("|"),
  "gu",
);

/** Slack's own markup: links and mentions in angle brackets, emoji between colons, and the three escaped characters. */
function withoutMarkup(text: string): string {
  return text
    .replace(/<(?:@|#|!)[^>]*>/g, " ")
    .replace(/<(?:https?|mailto):[^>|]*\|([^>]*)>/g, " $1 ")
    .replace(/<(?:https?|mailto):[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/(?<![\p{L}\p{N}]):[a-z0-9_+'-]*[a-z_+-][a-z0-9_+'-]*:(?:skin-tone-\d:)?/giu, " ");
}

function withPlainPunctuation(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚`]/g, "'")
    .replace(/[‐‑‒–—−]/g, " - ")
    .replace(/(\p{L})'s(?![\p{L}\p{N}])/gu, "$1")
    .replace(/'/g, "");
}

/** Splits a chat message into words: mentions, emoji and punctuation go; dates, time zones and quoted phrases stay whole. */
export function splitWords(text: string): Word[] {
  const plain = withPlainPunctuation(withoutMarkup(text));
  return [...plain.matchAll(WORD)].map((match) => {
    const groups = match.groups ?? {};
    if (groups["quoted"] !== undefined)
      return { text: groups["quoted"].toLowerCase(), raw: groups["quoted"], kind: "quoted" };
    const kind = (["date", "zone", "number", "word"] as const).find((name) => groups[name] !== undefined) ?? "mark";
    const raw = match[0].trim();
    return { text: raw.toLowerCase(), raw, kind };
  });
}

/** The words back as text that `splitWords` reads the same way. */
export function joinWords(words: readonly Word[]): string {
  return words.map((word) => (word.kind === "quoted" ? `"${word.raw}"` : word.raw)).join(" ");
}

const UNCHANGED_ENDINGS = /(?:ss|us|is)$/;

/** A word without its plural ending, so that `countries` finds `country`. Applied to both sides, so it need not be perfect. */
export function singular(word: string): string {
  if (word.length <= 3 || !word.endsWith("s") || UNCHANGED_ENDINGS.test(word)) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** The word at `index` in lower case; nothing for a quoted one, which never is a word of ours, and past the end. */
export function textAt(words: readonly Word[], index: number): string {
  const word = words[index];
  return word === undefined || word.kind === "quoted" ? "" : word.text;
}

/** How many words `phrase` takes where it stands at `index`, else 0. */
export function phraseLength(words: readonly Word[], index: number, phrase: string): number {
  const parts = phrase.split(" ");
  return parts.every((part, at) => textAt(words, index + at) === part) ? parts.length : 0;
}

/** The most words that one of the phrases takes at `index`, else 0. */
export function longestPhrase(words: readonly Word[], index: number, phrases: readonly string[]): number {
  return Math.max(0, ...phrases.map((phrase) => phraseLength(words, index, phrase)));
}
