import type { CatalogueAnswer } from "../../query/catalogue-answer.ts";
import type { StatsAnswer } from "../../query/stats-answer.ts";
import type { StatsQueryInput } from "../../query/stats-query.ts";
import type { Me } from "../../routes/me.ts";

export type { CatalogueAnswer, Me, StatsAnswer, StatsQueryInput };
export type MetricInfo = StatsAnswer["metric"];
export type DimensionInfo = CatalogueAnswer["dimensions"][number];

/** Why a request gave no answer, in words for the person. */
export class ApiError extends Error {
  readonly suggestions: readonly string[];
  readonly requestId: string | undefined;
  /** The login is over: only loading the page again helps. */
  readonly isSignedOut: boolean;

  constructor(
    message: string,
    details: { suggestions?: readonly string[]; requestId?: string; isSignedOut?: boolean } = {},
  ) {
    super(message);
    this.suggestions = details.suggestions ?? [];
    this.requestId = details.requestId;
    this.isSignedOut = details.isSignedOut ?? false;
  }
}

export function fetchCatalogue(): Promise<CatalogueAnswer> {
  return send("/api/v1/metrics", {}) as Promise<CatalogueAnswer>;
}

export function fetchMe(): Promise<Me> {
  return send("/api/v1/me", {}) as Promise<Me>;
}

export function ask(query: StatsQueryInput, signal: AbortSignal): Promise<StatsAnswer> {
  const headers = { "content-type": "application/json" };
  return send("/api/v1/query", {
    method: "POST",
    headers,
    body: JSON.stringify(query),
    signal,
  }) as Promise<StatsAnswer>;
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(path, { ...init, redirect: "manual" }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server cannot be reached. Check your connection.");
  });
  if (response.type === "opaqueredirect" || response.status === 401) {
    throw new ApiError("Your session has ended.", { isSignedOut: true });
  }
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { message?: string; suggestions?: string[]; requestId?: string } }
    | undefined;
  if (response.ok && body !== undefined) return body;
  const { message = `The server answered ${response.status}.`, ...details } = body?.error ?? {};
  throw new ApiError(message, details);
}
