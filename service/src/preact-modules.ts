import { createRequire } from "node:module";

/**
 * What our pages are made with, for `createPageAssets`: names under `/modules/` and the files of the packages.
 *
 * @param from `import.meta.url` of the app, which has the packages
 */
export function preactModules(from: string): Readonly<Record<string, string>> {
  // The package exports its browser module only to importers, and a path is asked for here.
  const htm = createRequire(from).resolve("htm");
  return { "preact.mjs": "preact", "preact-hooks.mjs": "preact/hooks", "htm.mjs": htm.replace(/\.js$/, ".mjs") };
}
