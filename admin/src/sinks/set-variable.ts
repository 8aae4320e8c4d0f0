/** `export NAME = value`: what stands before the name, the name, the sign, and the value, of which a quoted one may have several lines. */
const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)("(?:\\[\s\S]|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n]*)/gm;
const COMMENT = /[ \t]+#.*$/;

/**
 * Sets one variable of an env file's text where it stands (the last time, for that is the one that counts), else at the end. All
 * else stays: comments, order, `export`, the kind of quotes and of line ends. Pure.
 *
 * @param value needs no quotes
 */
export function setVariable(text: string, name: string, value: string): string {
  const found = [...text.matchAll(ASSIGNMENT)].findLast((match) => match[2] === name);
  if (found === undefined) return append(text, `${name}=${value}`);
  const [, before = "", , sign = "", old = ""] = found;
  const start = found.index + before.length + name.length + sign.length;
  return text.slice(0, start) + inPlaceOf(old, value) + text.slice(start + old.length);
}

function inPlaceOf(old: string, value: string): string {
  const quote = /^(["'`])[\s\S]*\1$/.exec(old)?.[1];
  return quote === undefined ? value + (COMMENT.exec(old)?.[0] ?? "") : quote + value + quote;
}

function append(text: string, line: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : end;
  return text + gap + line + end;
}
