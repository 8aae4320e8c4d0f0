import type { JSONWebKeySet } from "jose";
import { AccessVerifyError } from "./errors.ts";

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
export async function fetchKeys(url: string, fetch: KeyFetch): Promise<JSONWebKeySet> {
  try {
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new TypeError(`status ${response.status}`);
    }
    return parseKeySet(await readText(response));
  } catch (cause) {
    throw new AccessVerifyError("ERR_ASSERTION_KEYS_UNAVAILABLE", `The key set cannot be fetched from ${url}.`, {
      cause,
    });
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new TypeError(`more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Keeps only keys an Access gateway signs with: a symmetric key in a public document is never meant for us. */
function parseKeySet(text: string): JSONWebKeySet {
  const parsed = JSON.parse(text) as { keys?: unknown } | null;
  if (!Array.isArray(parsed?.keys)) throw new TypeError('no array "keys"');
  const keys = (parsed.keys as JSONWebKeySet["keys"]).filter(
    (key) => key?.kty === "RSA" && typeof key.kid === "string",
  );
  if (keys.length === 0) throw new TypeError('no RSA key in "keys"');
  return { keys };
}
