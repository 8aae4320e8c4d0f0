import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const PAGE_FOLDER = fileURLToPath(new URL("./page", import.meta.url));

const IMPORT_MAP = JSON.stringify({
  imports: {
    preact: "/modules/preact.mjs",
    "preact/hooks": "/modules/preact-hooks.mjs",
    htm: "/modules/htm.mjs",
  },
});

/** In the order in which they may override each other. */
const STYLES = ["theme", "frame", "controls", "lists", "dialog", "sections", "audit", "narrow"];

/** Lets the import map, the page's only inline script, through the content security policy. */
export const importMapHash = `'sha256-${createHash("sha256").update(IMPORT_MAP).digest("base64")}'`;

/** The same for every address of the page: what is shown, the page reads from the address. */
export function renderPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse admin</title>
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
${STYLES.map((name) => `<link rel="stylesheet" href="/page/styles/${name}.css">`).join("\n")}
<script type="importmap">${IMPORT_MAP}</script>
${moduleAddresses()
  .map((address) => `<link rel="modulepreload" href="${address}">`)
  .join("\n")}
<script type="module" src="/page/main.ts"></script>
</head>
<body>
<div id="app"><p class="boot" role="status">Loading …</p></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}

/** All modules, so that the browser asks for them at once and not level by level of their imports. */
function moduleAddresses(): readonly string[] {
  const own = globSync("**/*.ts", { cwd: PAGE_FOLDER }).map((file) => `/page/${file.replaceAll("\\", "/")}`);
  return ["/modules/preact.mjs", "/modules/preact-hooks.mjs", "/modules/htm.mjs", ...own.sort()];
}
