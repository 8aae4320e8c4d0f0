import type { LocalPerson } from "./identity-provider-people.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5c6675; --line: #e3e7ee; --paper: #fff; --ground: #f3f5f9; --accent: #2f5fde; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #9aa5b8; --line: #2c3445; --paper: #1a202d; --ground: #11151e; --accent: #8fb0ff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(27rem, 100%); background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 2rem; box-shadow: 0 12px 40px rgb(0 0 0 / .06); }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
p { margin: 0 0 1.25rem; color: var(--soft); }
button { width: 100%; display: flex; gap: .9rem; align-items: center; text-align: left; margin: 0 0 .6rem; padding: .75rem .9rem; font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 11px; cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -1px; }
i { flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center; font-style: normal; font-weight: 700; font-size: .9rem; color: #fff; }
b { display: block; font-weight: 600; }
small { color: var(--soft); overflow-wrap: anywhere; }
footer { margin-top: 1rem; font-size: .8rem; color: var(--soft); }`;

const COLOURS = ["#3b6fd8", "#8a4fd0", "#1f8a5f", "#b8602a", "#b23a6a"];

/** The login page: one button per person. */
export function renderLoginPage(people: readonly LocalPerson[], action: string): string {
  return renderPage(
    "Who are you?",
    `<p>Pick someone to log in as.</p>
<form method="post" action="${escapeHtml(action)}">${people.map(renderPerson).join("")}</form>
<footer>This identity provider runs on your machine only and asks for no password.</footer>`,
  );
}

/** For a request that this provider cannot serve: what was wrong, in its own words. */
export function renderErrorPage(problem: string): string {
  return renderPage("This login did not work", `<p>${escapeHtml(problem)}</p>`);
}

function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>
`;
}

function renderPerson({ id, name, email, about }: LocalPerson, index: number): string {
  const initials = name
    .split(" ")
    .map((word) => word[0])
    .join("");
  const colour = COLOURS[index % COLOURS.length];
  return `<button name="person" value="${escapeHtml(id)}"><i style="background:${colour}" aria-hidden="true">${escapeHtml(initials)}</i><span><b>${escapeHtml(name)}</b><small>${escapeHtml(about)} · ${escapeHtml(email)}</small></span></button>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
