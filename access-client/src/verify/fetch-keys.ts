import { AccessVerifyError } from "./errors.ts";
import { type Keys, readKeys } from "./read-keys.ts";

/** The part of `fetch` that is used; pass another to go through a proxy, an agent or a test. */
export type KeyFetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: "manual"; signal: AbortSignal },
) => Promise<Response>;

/** A key server that does not answer must not hold requests for long; a key set is a few kilobytes. */
const FETCH_TIMEOUT_MS = 5_000;
/** Real key sets are under 8 KiB; a larger answer is not one. */
const MAX_BYTES = 64 * 1024;

/**
 * One request for a key set: no redirects, five seconds, at most 64 KiB.
 *
 * @throws {AccessVerifyError} `ERR_ASSERTION_KEYS_UNAVAILABLE`, `cause` has the detail
 */
export async function fetchKeys(url: string, fetch: KeyFetch): Promise<Keys> {
  try {
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new TypeError(`status ${response.status}`);
    }
    return await readKeys(await readText(response));
  } catch (cause) {
    throw new AccessVerifyError("ERR_ASSERTION_KEYS_UNAVAILABLE", `The key set cannot be fetched from ${url}.`, {
      cause,
    });
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new TypeError(`more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
