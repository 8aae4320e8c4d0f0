import { StatsError } from "../errors.ts";
import type { EventRow, Store, WriteResult } from "../store/store.ts";
import type { BatchEntry } from "./batch-body.ts";
import { checkEvent } from "./check-event.ts";

/** An event as a sender writes it; docs/stats-api.md has the bounds. */
export interface EventInput {
  readonly id: string;
  readonly event: string;
  /** ISO 8601 with offset or Z. In process also microseconds since 1970, which is faster. */
  readonly time: string | number;
  readonly user?: string | null;
  readonly value?: number | null;
  readonly dimensions?: Readonly<Record<string, string | number | boolean | null>> | null;
}

interface RejectedEvent {
  readonly line: number;
  readonly id: string | null;
  readonly problem: string;
}

export interface IngestAnswer extends WriteResult {
  readonly rejected: readonly RejectedEvent[];
}

/**
 * Checks a batch and stores what is good; with `isStrict` one bad event refuses it all.
 *
 * @throws {StatsError} `ERR_INGEST_REJECTED`, and those of `Store.write`
 */
export async function ingestBatch(
  store: Store,
  entries: readonly BatchEntry[],
  options: { readonly isStrict: boolean; readonly nowUs: number },
): Promise<IngestAnswer> {
  const rows: EventRow[] = [];
  const rejected: RejectedEvent[] = [];
  for (const entry of entries) {
    const checked = "input" in entry ? checkEvent(entry.input, options.nowUs) : { problem: "is not JSON" };
    if ("row" in checked) rows.push(checked.row);
    else rejected.push({ line: entry.line, id: idOf(entry.input), problem: checked.problem });
  }
  if (options.isStrict && rejected.length > 0) throw refusal(rejected, entries.length);
  return { ...(await store.write(rows)), rejected };
}

/**
 * Stores batches made in this process, such as sample data.
 *
 * @throws {TypeError} at the first event that is not valid: our own code made it
 */
export function importEvents(
  store: Store,
  batches: Iterable<readonly EventInput[]> | AsyncIterable<readonly EventInput[]>,
  nowUs: number,
): Promise<WriteResult> {
  return store.writeAll(checkedBatches(batches, nowUs));
}

async function* checkedBatches(
  batches: Iterable<readonly EventInput[]> | AsyncIterable<readonly EventInput[]>,
  nowUs: number,
): AsyncGenerator<readonly EventRow[]> {
  for await (const batch of batches) {
    yield batch.map((input) => {
      const checked = checkEvent(input, nowUs, true);
      if ("problem" in checked) throw new TypeError(`event ${input.id}: ${checked.problem}`);
      return checked.row;
    });
  }
}

const MAX_PROBLEMS = 100;

function refusal(rejected: readonly RejectedEvent[], total: number): StatsError {
  const problems = rejected
    .slice(0, MAX_PROBLEMS)
    .map(({ line, problem }) => ({ path: `line ${line}`, message: problem }));
  const message = `${rejected.length} of ${total} events are not valid, so nothing was kept.`;
  return new StatsError("ERR_INGEST_REJECTED", message, { problems });
}

function idOf(input: unknown): string | null {
  const id = (input as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id.slice(0, 128) : null;
}
