import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";

/** An answer to a query that cannot be meant as it stands: a filter that was misread would answer with the wrong lines. */
export function wrongQuery(message: string): ApiError {
  return new ApiError(400, API_CODES.invalidRequest, `access.api.error.invalid_request: ${message}`);
}

/** @throws {ApiError} for a parameter that is not known, naming those that are. */
export function onlyKnown(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw wrongQuery(`there is no parameter ${clip(name)}; there are ${known.join(", ")}.`);
  }
}

/** A value that is not empty, which is how forms leave out a field. */
export function textOf(query: URLSearchParams, name: string): string | undefined {
  return query.get(name)?.trim() || undefined;
}

export function choiceOf<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = textOf(query, name);
  const choice = choices.find((one) => one === text);
  if (text !== undefined && choice === undefined) throw wrongQuery(`${name} is ${choices.join(" or ")}.`);
  return choice;
}

export function flagOf(query: URLSearchParams, name: string): boolean | undefined {
  const choice = choiceOf(query, name, ["true", "false"]);
  return choice === undefined ? undefined : choice === "true";
}

export function countOf(query: URLSearchParams, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw wrongQuery(`${name} is a whole number, 0 or more.`);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** Milliseconds since 1970 of an RFC 3339 instant, or of a day's beginning in UTC. */
export function instantOf(query: URLSearchParams, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  // In a query a plus sign is a space unless it was encoded.
  const instant = text.replace(" ", "+");
  const ms = INSTANT.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw wrongQuery(`${name} is an instant such as 2026-12-01T00:00:00Z, or a day.`);
}

function clip(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
