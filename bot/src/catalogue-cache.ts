import { startTrace, type Trace } from "@gatehouse/service";
import type { Catalogue } from "./stats-api.ts";

export interface CatalogueCache {
  /** The catalogue: from memory where it is fresh, and at once where it is stale, while a new one is fetched behind it. */
  get(trace: Trace): Promise<Catalogue>;
  /** What is at hand, without waiting. */
  peek(): Catalogue | undefined;
}

/** New values of dimensions appear within this time. */
const FRESH_MS = 60_000;
/** After this a stale catalogue is no longer trusted: a metric may be gone. */
const USABLE_MS = 3_600_000;

/** Keeps the catalogue, so that a question costs one call. One fetch at a time, however many ask. */
export function createCatalogueCache(
  fetchCatalogue: (trace: Trace) => Promise<Catalogue>,
  now: () => number,
): CatalogueCache {
  let kept: { catalogue: Catalogue; atMs: number } | undefined;
  let pending: Promise<Catalogue> | undefined;

  const refresh = (trace: Trace): Promise<Catalogue> => {
    pending ??= fetchCatalogue(trace)
      .then((catalogue) => {
        kept = { catalogue, atMs: now() };
        return catalogue;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return {
    peek: () => kept?.catalogue,
    get: async (trace) => {
      const ageMs = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.atMs;
      if (kept === undefined || ageMs >= USABLE_MS) return refresh(trace);
      // A failed refresh behind a usable catalogue is not this question's trouble; the next one tries again.
      if (ageMs >= FRESH_MS) refresh(startTrace()).catch(() => undefined);
      return kept.catalogue;
    },
  };
}
