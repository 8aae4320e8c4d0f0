import { AccessError, createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { AdminError } from "../errors.ts";
import type { Pair } from "../sinks/sink.ts";

/** Whether a pair opens the gate for a URL: one real request. @throws {AdminError} `ERR_ADMIN_PROOF` */
export type Prove = (url: URL, pair: Pair) => Promise<void>;

const TIMEOUT_MS = 15_000;

/** What the app answers does not matter; that it was the app, does. */
export const proveByRequest: Prove = async (url, pair) => {
  const client = createAccessClient({
    origin: url.origin,
    credentials: staticCredentials(pair),
    timeoutMs: TIMEOUT_MS,
  });
  try {
    const { body } = await client.request(url);
    await body.dump();
  } catch (cause) {
    const why = cause instanceof AccessError ? `${cause.message} ${cause.advice}` : String((cause as Error).message);
    throw new AdminError("ERR_ADMIN_PROOF", `The new secret did not open ${url.href}: ${why}`, { cause });
  } finally {
    await client.close();
  }
};
