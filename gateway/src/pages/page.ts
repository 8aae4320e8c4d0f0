import { HEADERS } from "@gatehouse/access-client/contract";
import type { Reply } from "../request/reply.ts";
import { escapeHtml } from "./escape-html.ts";
import { FAVICON, GATE, STYLE } from "./style.ts";

/** A button or a link at the foot of a page. */
export interface PageAction {
  readonly label: string;
  readonly href: string;
}

export interface Page {
  readonly title: string;
  /** Paragraphs of plain text. */
  readonly paragraphs: readonly string[];
  /** Below the paragraphs, already HTML. */
  readonly content?: string;
  readonly actions?: readonly PageAction[];
  /** The browser goes there by itself. */
  readonly continueTo?: string;
  /** For support, in small print. */
  readonly rayId: string;
}

/** The gateway's own pages: one card, light and dark, nothing loaded from anywhere. */
export function renderPage({ title, paragraphs, content = "", actions = [], continueTo, rayId }: Page): string {
  const text = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join("");
  const links = actions.map(({ label, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`).join("");
  const refresh =
    continueTo === undefined ? "" : `<meta http-equiv="refresh" content="0; url=${escapeHtml(continueTo)}">`;
  const body = `<main>${GATE}<h1>${escapeHtml(title)}</h1>${text}${content}${links === "" ? "" : `<nav>${links}</nav>`}
${pageFooter(rayId)}</main>`;
  return renderDocument(title, body, refresh);
}

export function renderDocument(title: string, body: string, head = ""): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="${escapeHtml(FAVICON)}">${head}<style>${STYLE}</style></head>
<body>${body}</body></html>
`;
}

export function pageFooter(rayId: string): string {
  return `<footer>Gatehouse · Ray ID ${escapeHtml(rayId)}</footer>`;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers that go with a page: nothing may be loaded, framed or kept. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `${POLICY}; img-src data:`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** @param origins Where the page's pictures may come from. */
export function policyWithImages(origins: readonly string[]): Readonly<Record<string, string>> {
  return { "content-security-policy": `${POLICY}; img-src ${["data:", ...new Set(origins)].join(" ")}` };
}

/** A page as an answer. */
export function pageReply(
  status: number,
  page: Page,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Reply {
  return { status, headers: { ...PAGE_HEADERS, [HEADERS.ray]: page.rayId, ...headers }, body: renderPage(page) };
}
