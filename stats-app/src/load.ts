import { resolve } from "node:path";
import { readConfig, readEnvironment } from "@gatehouse/service";
import { readCatalogue } from "./catalogue/read-catalogue.ts";
import { statsConfigSchema } from "./config.ts";
import { StatsError } from "./errors.ts";
import { loadFile } from "./load/load-file.ts";
import { CommanderError, type LoadOptions, parseLoadOptions } from "./load/load-options.ts";
import { createProgress } from "./load/progress.ts";
import { createRejects, type Rejects } from "./load/rejects.ts";
import { usOfMs } from "./query/time-zone.ts";
import { openStore } from "./store/open-store.ts";
import type { WriteResult } from "./store/store.ts";

/** `npm run load -- FILE --event NAME --time COLUMN …`; `--help` lists the rest. Exit code 1 when rows were bad and --strict. */

const schema = statsConfigSchema.pick({ STATS_DATABASE_URL: true, STATS_CATALOGUE: true, STATS_THREADS: true }).extend({
  STATS_DATABASE_URL: statsConfigSchema.shape.STATS_DATABASE_URL.removeDefault().default(
    "file:.data/local/stats.duckdb",
  ),
});

/** With the reader's and Node's own, a load stays under 1 GB. */
const MEMORY_LIMIT = "300MB";

try {
  await run(fromWhereTyped(parseLoadOptions(process.argv.slice(2))));
} catch (error) {
  process.exit(report(error));
}

/** npm runs scripts in the project's folder and says in INIT_CWD where the person typed the command. */
function fromWhereTyped(options: LoadOptions): LoadOptions {
  const { INIT_CWD: folder } = process.env;
  if (folder === undefined) return options;
  const { file, rejectsFile } = options;
  return { ...options, file: resolve(folder, file), rejectsFile: rejectsFile && resolve(folder, rejectsFile) };
}

async function run(options: LoadOptions): Promise<void> {
  const environment = options.catalogueFiles === undefined ? {} : { STATS_CATALOGUE: options.catalogueFiles };
  const config = readConfig(schema, { ...readEnvironment(), ...environment });
  const catalogue = readCatalogue(config.STATS_CATALOGUE);
  const declared = [...catalogue.dimensions.keys(), ...options.dimensions.map(({ dimension }) => dimension)];
  const store = await openStore(config.STATS_DATABASE_URL, {
    dimensions: [...new Set(declared)],
    memoryLimit: MEMORY_LIMIT,
    threads: config.STATS_THREADS,
  });
  const rejects = createRejects(options.rejectsFile);
  const progress = createProgress(process.stderr);
  const begunMs = performance.now();
  try {
    const nowUs = usOfMs(Date.now());
    const result = await loadFile(options, { store, rejects, nowUs, onProgress: progress.update });
    progress.stop();
    say(summary(options, result, performance.now() - begunMs));
  } finally {
    progress.stop();
    await rejects.close();
    showRejects(rejects, options);
    await store.close();
  }
}

function summary({ file, event }: LoadOptions, { accepted, duplicates }: WriteResult, elapsedMs: number): string {
  const known = duplicates === 0 ? "" : `; ${count(duplicates, "row was", "rows were")} there already`;
  return `${count(accepted, "event", "events")} "${event}" stored from ${file} in ${(elapsedMs / 1000).toFixed(1)} s${known}.`;
}

function showRejects({ count: total, shown }: Rejects, { rejectsFile }: LoadOptions): void {
  if (total === 0) return;
  say(`${count(total, "bad row", "bad rows")}:`);
  for (const line of shown) say(`  ${line}`);
  if (total > shown.length && rejectsFile === undefined) {
    say(`  … and ${count(total - shown.length, "more", "more")}; --rejects FILE writes them all.`);
  }
  if (rejectsFile !== undefined) say(`  All of them are in ${rejectsFile}.`);
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what went wrong; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const isKnown = error instanceof Error && "code" in error;
  const text = isKnown
    ? `${error.message} (${String(error.code)})`
    : error instanceof Error
      ? error.stack
      : String(error);
  process.stderr.write(`${text}\n`);
  return error instanceof StatsError || !isKnown ? 1 : 78;
}
