const MAX_SUGGESTIONS = 5;
/** A candidate further away than this share of the longer word is not worth showing. */
const MAX_DISTANCE = 0.5;

/** A name with every word that people may use for it. */
export interface Candidate {
  readonly name: string;
  readonly words: readonly string[];
}

/** The candidates nearest in spelling to what was asked, nearest first; at most five. */
export function suggest(asked: string, candidates: Iterable<Candidate>): string[] {
  const wanted = simplify(asked);
  return [...candidates]
    .map(({ name, words }) => ({
      name,
      distance: Math.min(...[name, ...words].map((w) => distance(wanted, simplify(w)))),
    }))
    .filter((candidate) => candidate.distance <= MAX_DISTANCE)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, MAX_SUGGESTIONS)
    .map((candidate) => candidate.name);
}

function simplify(word: string): string {
  return word
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, " ")
    .trim()
    .slice(0, 64);
}

/** Edits needed as a share of the longer word; a word that contains the other is near. */
function distance(a: string, b: string): number {
  if (a.length >= 3 && b.length >= 3 && (a.includes(b) || b.includes(a))) return 0.1;
  return edits(a, b) / Math.max(a.length, b.length, 1);
}

/** Levenshtein's distance, one row at a time. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
