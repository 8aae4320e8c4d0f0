import { type Inline, isSafeUrl, type TextBlock } from "./inline.ts";

/** Slack's mrkdwn as a tree. https://docs.slack.dev/messaging/formatting-message-text */

const TOKEN =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])|(?<![\w_])_([^_\s](?:[^_\n]*[^_\s])?)_(?![\w_])|(?<![\w~])~([^~\s](?:[^~\n]*[^~\s])?)~(?![\w~])|:([a-z0-9_+-]+):/g;

const BULLET = /^\s*[•◦▪]\s+|^- /;

export function parseMrkdwn(text: string): TextBlock[] {
  return text.split(/(```[\s\S]*?```)/).flatMap((part): TextBlock[] => {
    const pre = /^```\n?([\s\S]*?)\n?```$/.exec(part);
    return pre === null ? parseLines(part) : [{ kind: "pre", text: decode(pre[1] ?? "") }];
  });
}

type LineKind = "quote" | "list" | "paragraph";

function parseLines(text: string): TextBlock[] {
  const groups: { kind: LineKind; lines: string[] }[] = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap(({ kind, lines }) => toBlock(kind, lines));
}

function kindOf(line: string): LineKind {
  if (/^(?:&gt;|>)/.test(line)) return "quote";
  return BULLET.test(line) ? "list" : "paragraph";
}

function toBlock(kind: LineKind, lines: readonly string[]): TextBlock[] {
  if (kind === "list") {
    return [{ kind: "list", isOrdered: false, items: lines.map((line) => parseInline(line.replace(BULLET, ""))) }];
  }
  if (kind === "quote") {
    const inner = lines.map((line) => line.replace(/^(?:&gt;|>) ?/, ""));
    return [{ kind: "quote", children: [{ kind: "paragraph", children: parseInlineLines(inner) }] }];
  }
  const children = parseInlineLines(lines);
  return children.length === 0 ? [] : [{ kind: "paragraph", children }];
}

function parseInlineLines(lines: readonly string[]): Inline[] {
  return lines.flatMap((line, index) => (index === 0 ? parseInline(line) : [{ kind: "break" }, ...parseInline(line)]));
}

export function parseInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) nodes.push(decode(text.slice(end, match.index)));
    nodes.push(toNode(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(decode(text.slice(end)));
  return nodes;
}

function toNode([whole, code, angle, bold, italic, strike, emoji]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: "code", text: decode(code) };
  if (angle !== undefined) return parseAngle(angle, whole);
  if (bold !== undefined) return { kind: "bold", children: parseInline(bold) };
  if (italic !== undefined) return { kind: "italic", children: parseInline(italic) };
  if (strike !== undefined) return { kind: "strike", children: parseInline(strike) };
  return { kind: "emoji", name: emoji ?? "" };
}

function parseAngle(content: string, whole: string): Inline {
  const [target = "", label] = content.split("|", 2);
  const rest = target.slice(1);
  if (target.startsWith("@")) return { kind: "user", id: rest };
  if (target.startsWith("#")) return { kind: "channel", id: rest };
  if (target.startsWith("!date^")) return decode(label ?? rest);
  if (target.startsWith("!")) return { kind: "broadcast", name: rest };
  const url = decode(target);
  if (!isSafeUrl(url)) return decode(whole);
  return { kind: "link", url, children: label === undefined ? [url.replace(/^mailto:/, "")] : parseInline(label) };
}

function decode(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
