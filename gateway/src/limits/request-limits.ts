/** How much of everything the gateway takes on at once. */
export interface RequestLimits {
  /** Open connections, WebSockets included. More are not accepted. Default 20,000. */
  readonly connections: number;
  /** Requests that wait for the end of their answer; more are answered 503. Default 5,000. */
  readonly openRequests: number;
  /** Of them, those of one client's address (IPv6: its /64); more are answered 429. Default a quarter of `openRequests`. */
  readonly openRequestsPerAddress: number;
  /** Bytes of a request's target and headers together; more are answered 431. Default 32,768. */
  readonly headerBytes: number;
  /** Refused credentials in a minute, per address and per service token; more are answered 429. 0 for no limit. Default 60. */
  readonly failuresPerMinute: number;
}

/** In one request; more are answered 431. Far more than any browser sends. */
export const MAX_HEADERS = 200;

export const DEFAULT_LIMITS = {
  connections: 20_000,
  openRequests: 5_000,
  headerBytes: 32 * 1024,
  failuresPerMinute: 60,
} as const;

/** One busy bot has room, and leaves room. */
const ADDRESS_SHARE = 4;

export function withDefaults(given: Partial<RequestLimits> = {}): RequestLimits {
  const { openRequests = DEFAULT_LIMITS.openRequests } = given;
  return { ...DEFAULT_LIMITS, openRequestsPerAddress: Math.ceil(openRequests / ADDRESS_SHARE), ...given };
}
