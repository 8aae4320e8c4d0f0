import { createHash } from "node:crypto";
import type { PageFiles } from "./page-files.ts";

/** In the order in which they may override each other. */
const STYLES = ["theme", "frame", "controls", "lists", "dialog", "sections", "audit", "narrow"];

export interface PageHtml {
  readonly text: string;
  /** Lets the import map, the page's only inline script, through the content security policy. */
  readonly importMapHash: string;
}

/** The same for every address of the page: what is shown, the page reads from the address. */
export function renderPage({ version, modules, scripts }: PageFiles): PageHtml {
  const own = (file: string) => `/page/${version}/${file}`;
  const foreign = (name: string) => `/modules/${version}/${name}.mjs`;
  const imports = Object.fromEntries(modules.map((name) => [name.replace("-", "/"), foreign(name)]));
  const importMap = JSON.stringify({ imports });
  const preloads = [...modules.map(foreign), ...scripts.map(own)];
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse admin</title>
<link rel="icon" href="${own("icon.svg")}" type="image/svg+xml">
${STYLES.map((name) => `<link rel="stylesheet" href="${own(`styles/${name}.css`)}">`).join("\n")}
<script type="importmap">${importMap}</script>
${preloads.map((address) => `<link rel="modulepreload" href="${address}">`).join("\n")}
<script type="module" src="${own("main.ts")}"></script>
</head>
<body>
<div id="app"><p class="boot" role="status">Loading …</p></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
  return { text, importMapHash: `'sha256-${createHash("sha256").update(importMap).digest("base64")}'` };
}
