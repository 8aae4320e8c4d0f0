import { type Inline, isSafeUrl, type TextBlock } from "./inline.ts";

/** The standard Markdown of Slack's `markdown` block as a tree: the common part, without HTML. */

const TOKEN =
  /`([^`\n]+)`|\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*(?=\S)([^\n]*?\S)\*\*|(?<![\w*])[*_](?=\S)([^*_\n]*?\S)[*_](?![\w*])|~~(?=\S)([^\n]*?\S)~~|:([a-z0-9_+-]+):/g;

const RULE = /^(?:-{3,}|\*{3,})$/;
const ITEM = /^(?:[-*+]|(\d+)[.)])\s+/;
const TABLE_RULE = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

export function parseMarkdown(text: string): TextBlock[] {
  return text.split(/(^```[^\n]*\n[\s\S]*?^```$)/m).flatMap((part): TextBlock[] => {
    const pre = /^```[^\n]*\n([\s\S]*?)\n?```$/.exec(part);
    if (pre !== null) return [{ kind: "pre", text: pre[1] ?? "" }];
    return part.split(/\n{2,}/).flatMap((chunk) => parseChunk(chunk.split("\n").filter((line) => line.trim() !== "")));
  });
}

function parseChunk(lines: readonly string[]): TextBlock[] {
  const [first, second] = lines;
  if (first === undefined) return [];
  const heading = /^(#{1,6})\s+(.*)$/.exec(first);
  if (heading !== null) {
    const children = parseInline(heading[2] ?? "");
    return [{ kind: "heading", level: heading[1]?.length ?? 1, children }, ...parseChunk(lines.slice(1))];
  }
  if (RULE.test(first.trim())) return [{ kind: "rule" }, ...parseChunk(lines.slice(1))];
  if (second !== undefined && first.includes("|") && TABLE_RULE.test(second.trim())) return [parseTable(lines)];
  const isSame = startOf(first);
  const end = lines.findIndex((line) => !isSame(line));
  const own = end === -1 ? lines : lines.slice(0, end);
  return [parseRun(own), ...parseChunk(lines.slice(own.length))];
}

/** Tells which of the following lines go on with what this one began. */
function startOf(first: string): (line: string) => boolean {
  if (first.startsWith(">")) return (line) => line.startsWith(">");
  if (ITEM.test(first.trim())) return (line) => ITEM.test(line.trim());
  return (line) => !ITEM.test(line.trim()) && !line.startsWith(">") && !/^#{1,6}\s/.test(line);
}

function parseRun(lines: readonly string[]): TextBlock {
  const first = lines[0] ?? "";
  if (first.startsWith(">"))
    return { kind: "quote", children: parseChunk(lines.map((line) => line.replace(/^>\s?/, ""))) };
  const item = ITEM.exec(first.trim());
  if (item !== null) {
    const items = lines.map((line) => parseInline(line.trim().replace(ITEM, "")));
    return { kind: "list", isOrdered: item[1] !== undefined, items };
  }
  const children = lines.flatMap((line, index): Inline[] =>
    index === 0 ? parseInline(line) : [{ kind: "break" }, ...parseInline(line)],
  );
  return { kind: "paragraph", children };
}

function parseTable(lines: readonly string[]): TextBlock {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => parseInline(cell.trim()));
  return { kind: "table", header: cells(lines[0] ?? ""), rows: lines.slice(2).map(cells) };
}

function parseInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) nodes.push(text.slice(end, match.index));
    nodes.push(toNode(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

function toNode([whole, code, label, url, bold, italic, strike, emoji]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: "code", text: code };
  if (label !== undefined && url !== undefined) {
    return isSafeUrl(url) ? { kind: "link", url, children: parseInline(label) } : whole;
  }
  if (bold !== undefined) return { kind: "bold", children: parseInline(bold) };
  if (italic !== undefined) return { kind: "italic", children: parseInline(italic) };
  if (strike !== undefined) return { kind: "strike", children: parseInline(strike) };
  return { kind: "emoji", name: emoji ?? "" };
}
