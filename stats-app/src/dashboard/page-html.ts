import { createHash } from "node:crypto";

const IMPORT_MAP = JSON.stringify({
  imports: {
    preact: "/modules/preact.mjs",
    "preact/hooks": "/modules/preact-hooks.mjs",
    htm: "/modules/htm.mjs",
    echarts: "/modules/echarts.mjs",
  },
});

/** In the order in which they may override each other. */
const STYLES = ["theme", "frame", "report", "tables", "narrow"];

/** Lets the import map, the page's only inline script, through the content security policy. */
export const importMapHash = `'sha256-${createHash("sha256").update(IMPORT_MAP).digest("base64")}'`;

export function renderPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Statistics</title>
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
${STYLES.map((name) => `<link rel="stylesheet" href="/page/styles/${name}.css">`).join("\n")}
<script type="importmap">${IMPORT_MAP}</script>
<link rel="modulepreload" href="/modules/preact.mjs">
<link rel="modulepreload" href="/modules/preact-hooks.mjs">
<link rel="modulepreload" href="/modules/htm.mjs">
<link rel="modulepreload" href="/modules/echarts.mjs">
<script type="module" src="/page/main.ts"></script>
</head>
<body>
<div id="app"><p class="boot" role="status">Loading …</p></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}
