import type { AuditLine } from "../audit/audit-line.ts";

type TailFormat = "sse" | "ndjson";

/** Proxies close what is silent for long; there are two batches a second. */
const SILENT_BATCHES = 30;

/** Lines as the wire has them, with something to say when there are none for a while. */
export async function* tailOf(
  batches: AsyncIterable<readonly AuditLine[]>,
  format: TailFormat,
): AsyncGenerator<string, void, undefined> {
  let silent = 0;
  for await (const lines of batches) {
    silent = lines.length > 0 ? 0 : silent + 1;
    if (lines.length > 0) yield lines.map((line) => chunkOf(line, format)).join("");
    else if (silent % SILENT_BATCHES === 0) yield format === "sse" ? ": still here\n\n" : "\n";
  }
}

function chunkOf(line: AuditLine, format: TailFormat): string {
  const json = JSON.stringify(line);
  return format === "sse" ? `id: ${line.seq}\ndata: ${json}\n\n` : `${json}\n`;
}
