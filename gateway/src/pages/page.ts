/** A button or a link at the foot of a page. */
export interface PageAction {
  readonly label: string;
  readonly href: string;
}

export interface Page {
  readonly title: string;
  /** Paragraphs of plain text. */
  readonly paragraphs: readonly string[];
  readonly actions?: readonly PageAction[];
  /** For support, in small print. */
  readonly rayId: string;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5c6675; --line: #e3e7ee; --paper: #fff; --ground: #f3f5f9; --accent: #2f5fde; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #9aa5b8; --line: #2c3445; --paper: #1a202d; --ground: #11151e; --accent: #8fb0ff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { width: min(30rem, 100%); background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 2.25rem; box-shadow: 0 12px 40px rgb(0 0 0 / .06); }
svg { display: block; width: 2.5rem; height: 2.5rem; color: var(--accent); margin-bottom: 1.1rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
nav a { text-decoration: none; font-weight: 600; padding: .55rem 1rem; border-radius: 9px; border: 1px solid var(--line); color: var(--ink); }
nav a:first-child { background: var(--accent); border-color: var(--accent); color: var(--paper); }
nav a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 1.75rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .8rem; }`;

const GATE = `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true"><path d="M3 21V9l9-6 9 6v12"/><path d="M8 21v-7a4 4 0 0 1 8 0v7"/><path d="M12 10v11"/></svg>`;

/** The gateway's own pages: one card, light and dark, nothing loaded from anywhere. */
export function renderPage({ title, paragraphs, actions = [], rayId }: Page): string {
  const text = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join("");
  const links = actions.map(({ label, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`).join("");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${GATE}<h1>${escapeHtml(title)}</h1>${text}${links === "" ? "" : `<nav>${links}</nav>`}
<footer>Gatehouse · Ray ID ${escapeHtml(rayId)}</footer></main></body></html>
`;
}

/** Headers that go with a page: nothing may be loaded, framed or kept. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
