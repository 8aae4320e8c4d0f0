/** Sorts patterns, the most specific first: more characters that are no wildcard, then fewer wildcards; then by the text, so that the order is always the same. */
export function bySpecificity(a: string, b: string): number {
  const byLength = literalLength(b) - literalLength(a);
  if (byLength !== 0) return byLength;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}

function literalLength(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}
