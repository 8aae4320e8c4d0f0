import { formatJson } from "./json.ts";

/** The answer to `--dry-run`. @param what after "Would": `rotate "stats bot"` */
export function formatDryRun(what: string, { json }: { readonly json?: true }): string {
  return json ? formatJson({ dry_run: true, would: what }) : `Would ${what}.\n`;
}
