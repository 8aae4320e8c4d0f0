import type { ApiAnswer } from "./route.ts";

const DEFAULT_PER_PAGE = 25;
const MAX_PER_PAGE = 1_000;

export interface PageRequest {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

/** `page` and `per_page`; what is no sensible number counts as absent. */
export function readPaging(query: URLSearchParams): PageRequest {
  const perPage = Math.min(positiveInteger(query.get("per_page")) ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  return { page: positiveInteger(query.get("page")) ?? 1, perPage };
}

/** One page of a list that is in memory. Past the end it is empty, for that is how clients find the end. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  present: (item: T) => unknown = (item) => item,
): ApiAnswer {
  const { page, perPage } = readPaging(query);
  const shown = items.slice((page - 1) * perPage, page * perPage).map((item) => present(item));
  return pageAnswer(shown, items.length, { page, perPage });
}

/** The answer for a page that was read by itself. */
export function pageAnswer(result: readonly unknown[], totalCount: number, { page, perPage }: PageRequest): ApiAnswer {
  const resultInfo = {
    page,
    per_page: perPage,
    count: result.length,
    total_count: totalCount,
    total_pages: Math.ceil(totalCount / perPage),
  };
  return { result, resultInfo };
}

function positiveInteger(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
