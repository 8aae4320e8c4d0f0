/** Codes of the stats app, a closed union so that `switch (err.code)` narrows. Listed in docs/errors.md. */
export type StatsErrorCode =
  | "ERR_QUERY_INVALID"
  | "ERR_QUERY_UNKNOWN_METRIC"
  | "ERR_QUERY_UNKNOWN_DIMENSION"
  | "ERR_QUERY_UNKNOWN_VALUE"
  | "ERR_QUERY_TOO_MANY_BUCKETS"
  | "ERR_QUERY_TIMEOUT"
  | "ERR_QUERY_CANCELLED"
  | "ERR_INGEST_BODY_INVALID"
  | "ERR_INGEST_BODY_TOO_LARGE"
  | "ERR_REQUEST_CONTENT_TYPE"
  | "ERR_INGEST_REJECTED"
  | "ERR_INGEST_BUSY"
  | "ERR_INGEST_SERVICE_ONLY"
  | "ERR_REQUEST_NOT_FOUND"
  | "ERR_REQUEST_FAILED"
  | "ERR_STORE_LOCKED"
  | "ERR_STORE_UNAVAILABLE"
  | "ERR_STORE_UNSUPPORTED"
  | "ERR_LOAD_FILE"
  | "ERR_LOAD_COLUMN"
  | "ERR_LOAD_REJECTED";

/** One thing wrong with a request, and where: `range.to`, `filters.0.values`, `line 12`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface StatsErrorOptions extends ErrorOptions {
  readonly problems?: readonly Problem[];
  /** Names that the asker may have meant, nearest first. */
  readonly suggestions?: readonly string[];
}

/** Something that went wrong outside our own code: a bad question, a bad batch, a store that does not answer. */
export class StatsError extends Error {
  override readonly name = "StatsError";
  readonly code: StatsErrorCode;
  readonly problems: readonly Problem[] | undefined;
  readonly suggestions: readonly string[] | undefined;

  constructor(code: StatsErrorCode, message: string, options: StatsErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.problems = options.problems;
    this.suggestions = options.suggestions;
  }
}
