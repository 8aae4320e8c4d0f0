/** Codes of this package, a closed union so that `switch (error.code)` narrows. Listed in docs/errors.md. */
export type BotErrorCode =
  | "ERR_BOT_STATS_UNAUTHENTICATED"
  | "ERR_BOT_STATS_FORBIDDEN"
  | "ERR_BOT_STATS_QUERY_REFUSED"
  | "ERR_BOT_STATS_TOO_MANY_POINTS"
  | "ERR_BOT_STATS_UNAVAILABLE"
  | "ERR_BOT_STATS_TIMEOUT"
  | "ERR_BOT_STATS_ANSWER_INVALID"
  | "ERR_BOT_SLACK_START_FAILED"
  | "ERR_BOT_SLACK_CONNECTION_LOST"
  | "ERR_BOT_SLACK_POST_FAILED";

export interface BotErrorOptions extends ErrorOptions {
  /** What the stats app named as near to what it did not know. */
  readonly suggestions?: readonly string[];
}

/** Something that kept the bot from answering, or from running. `message` is for the log; people see messages/problem.ts. */
export class BotError extends Error {
  override readonly name = "BotError";
  readonly code: BotErrorCode;
  readonly suggestions: readonly string[];

  constructor(code: BotErrorCode, message: string, { suggestions = [], ...options }: BotErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.suggestions = suggestions;
  }
}
