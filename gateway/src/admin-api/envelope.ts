import type { ResultInfo } from "./route.ts";

/** One entry of `errors` or `messages`. */
export interface ResponseInfo {
  readonly code: number;
  readonly message: string;
  readonly source?: { readonly pointer: string };
}

/** What every answer of the admin API is wrapped in, as Cloudflare's. */
export interface Envelope {
  readonly success: boolean;
  readonly errors: readonly ResponseInfo[];
  readonly messages: readonly ResponseInfo[];
  /** Null on failure. */
  readonly result: unknown;
  readonly result_info?: ResultInfo;
}

export function successEnvelope(result: unknown, resultInfo?: ResultInfo): Envelope {
  const envelope = { success: true, errors: [], messages: [], result };
  return resultInfo === undefined ? envelope : { ...envelope, result_info: resultInfo };
}

export function failureEnvelope(errors: readonly ResponseInfo[]): Envelope {
  return { success: false, errors, messages: [], result: null };
}
