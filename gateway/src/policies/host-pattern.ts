/**
 * Matches hosts with `*` in them: a `*` covers a part of one label, and a label of `*` alone at least one character. Ports are equal
 * or it is another host.
 */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.split(".");
  const labels = host.split(".");
  return wanted.length === labels.length && wanted.every((one, index) => labelMatches(one, labels[index] ?? ""));
}

function labelMatches(pattern: string, label: string): boolean {
  const at = pattern.indexOf("*");
  if (at === -1) return pattern === label;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + 1);
  if (label.length < before.length + after.length) return false;
  return isFilled(before, after, label) && label.startsWith(before) && label.endsWith(after);
}

/** In `*:8443` the port stands in the last label: it is no part of what the wildcard covers. */
function isFilled(before: string, after: string, label: string): boolean {
  const isAlone = before === "" && (after === "" || after.startsWith(":"));
  return !isAlone || label.length > after.length;
}
