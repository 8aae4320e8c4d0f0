import type { Response } from "express";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import { exchangeOf } from "./exchange.ts";

/** With the change feed's own delay, a deleted token's streams are over within a second on every gateway. */
const LOOK_INTERVAL_MS = 250;

/**
 * Breaks a long answer off once the API token, or the page's session, with which it was asked for has ended. Not when the next
 * line is due: a reader that takes nothing is cut too. And never as if it were finished: half an export must not look whole.
 *
 * @returns Aborted when the answer is over, however it came about.
 */
export function lifeOf(response: Response, isLive: (caller: LiveApiToken) => boolean): AbortSignal {
  const { caller } = exchangeOf(response);
  const over = new AbortController();
  const timer = setInterval(() => {
    if (caller === undefined || !isLive(caller)) response.destroy();
  }, LOOK_INTERVAL_MS);
  response.once("close", () => {
    clearInterval(timer);
    over.abort();
  });
  return over.signal;
}
