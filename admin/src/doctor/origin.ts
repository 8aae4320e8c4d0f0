import { HEADERS } from "@gatehouse/access-client/contract";
import type { Dispatcher } from "undici";
import type { OriginObservations } from "./observation.ts";

export interface OriginDeps {
  readonly dispatcher: Dispatcher;
  readonly timeoutMs: number;
}

/**
 * Knocks at the app itself, past the gateway: with nothing, and with an assertion that anybody could have written. An app that
 * checks what it is given refuses both.
 *
 * @param claims those of a real JWT for the app, so that only the signature is wrong
 */
export async function examineOrigin(
  url: URL,
  claims: Readonly<Record<string, unknown>>,
  deps: OriginDeps,
): Promise<OriginObservations> {
  const bare = await statusOf(url, {}, deps);
  if (bare === undefined) return {};
  const forged = await statusOf(url, { [HEADERS.assertion]: forge(claims) }, deps);
  return { bare, ...(forged !== undefined && { forged }) };
}

/** Undefined when there is no way to it from here, which is as it should be. */
async function statusOf(url: URL, headers: Record<string, string>, { dispatcher, timeoutMs }: OriginDeps) {
  try {
    const request = { origin: url.origin, path: url.pathname + url.search, method: "GET" as const };
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await dispatcher.request({ ...request, headers, signal, reset: true });
    body.on("error", () => undefined).destroy();
    return statusCode;
  } catch {
    return undefined;
  }
}

function forge(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: "RS256", kid: "0".repeat(64), typ: "JWT" };
  return `${encode(header)}.${encode(claims)}.${"A".repeat(342)}`;
}
