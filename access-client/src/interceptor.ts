import type { Dispatcher } from "undici";
import { AccessCall } from "./access-call.ts";
import type { PassKeeper } from "./pass-keeper.ts";
import { CREDENTIAL_HEADERS } from "./request-headers.ts";
import type { Counters } from "./stats.ts";
import type { ExpectedAnswer } from "./unusable-answer.ts";

export interface InterceptorDeps {
  /** One for each origin (`https://host:port`) that gets credentials. */
  readonly keepers: ReadonlyMap<string, PassKeeper>;
  readonly counters: Counters;
  readonly expect: ExpectedAnswer | undefined;
}

/** The undici interceptor: requests to the known origins get a pass; all others go on untouched, without one. */
export function createInterceptor({
  keepers,
  counters,
  expect,
}: InterceptorDeps): Dispatcher.DispatcherComposeInterceptor {
  // A redirect interceptor beneath may follow, but without our headers when it leaves the origin.
  const tokenHeaders = [...keepers.values()].flatMap(({ tokenHeader }) => tokenHeader ?? []);
  const redirectGuard = { stripHeadersOnCrossOriginRedirect: [...CREDENTIAL_HEADERS, ...tokenHeaders] };
  return (dispatch) => (options, handler) => {
    const keeper = keepers.get(originOf(options.origin));
    if (keeper === undefined) return dispatch(options, handler);
    return new AccessCall({ dispatch, keeper, counters, redirectGuard, expect }, options, handler).start();
  };
}

function originOf(origin: string | URL | undefined): string {
  return URL.parse(String(origin ?? ""))?.origin ?? "";
}
