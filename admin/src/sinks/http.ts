import type { Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";

export interface SinkCall {
  readonly what: string;
  readonly url: URL;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const TIMEOUT_MS = 15_000;

/** One call to a secret store's API; the caller judges the status. The body of a failure is not repeated: it may quote ours. */
export async function callSink(dispatcher: Dispatcher, call: SinkCall): Promise<{ status: number; json: unknown }> {
  const { url, method, headers, body, what } = call;
  try {
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { accept: "application/json", ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, json: parse(text) };
  } catch (cause) {
    const message = `${what} at ${url.origin} cannot be reached (${reasonOf(cause)}).`;
    throw new AdminError("ERR_ADMIN_SINK", message, { cause });
  }
}

export function refusedBy(what: string, status: number, advice: string): AdminError {
  return new AdminError("ERR_ADMIN_SINK", `${what} answered ${status}: ${advice}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
