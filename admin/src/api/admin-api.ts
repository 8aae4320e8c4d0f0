import type { Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";
import { unwrap } from "./envelope.ts";
import type { ApiServiceToken, ApiServiceTokenWithSecret } from "./service-token.ts";
import type { ApiSettings } from "./settings.ts";

/** The calls that the commands make, the same to Cloudflare and to our gateway. All throw {AdminError}. */
export interface AdminApi {
  listTokens(): Promise<readonly ApiServiceToken[]>;
  getToken(id: string): Promise<ApiServiceToken>;
  createToken(body: { readonly name: string; readonly duration?: string }): Promise<ApiServiceTokenWithSecret>;
  updateToken(id: string, body: TokenUpdate): Promise<ApiServiceToken>;
  rotateToken(id: string, rotation: Rotation): Promise<ApiServiceTokenWithSecret>;
  refreshToken(id: string): Promise<ApiServiceToken>;
  deleteToken(id: string): Promise<ApiServiceToken>;
  rotateKeys(): Promise<ApiKeyRotation>;
  /** Ours only: would this token or person reach this URL? */
  dryRun(body: unknown): Promise<unknown>;
  /** Newest first. */
  accessRequests(query: Readonly<Record<string, string>>): Promise<readonly AccessRequest[]>;
  /** The API's clock, milliseconds since 1970, to the second; this machine's, until the first answer. */
  serverNowMs(): number;
}

interface Rotation {
  /** RFC 3339: until when the old secret works too. */
  readonly previous_client_secret_expires_at: string;
  /** Ours: the current secret reached nobody, so the one before it is what the bot holds. */
  readonly discard_current_client_secret?: true;
}

/** A part of what is told. */
export interface ApiKeyRotation {
  readonly last_key_rotation_at?: string;
  readonly days_until_next_rotation?: number;
}

interface TokenUpdate {
  readonly name?: string;
  readonly duration?: string;
  readonly enabled?: boolean;
  readonly previous_client_secret_expires_at?: string;
}

export interface AccessRequest {
  readonly created_at: string;
  readonly user_email?: string;
  readonly ip_address?: string;
  readonly app_domain?: string;
  readonly action?: string;
  readonly allowed?: boolean;
  readonly ray_id?: string;
  /** Ours: of a bot. */
  readonly service_token_client_id?: string;
  /** Ours: why it was refused. */
  readonly reason?: string;
  /** Ours: of a flood, one entry stands for many. */
  readonly count?: number;
}

const PER_PAGE = 100;
const TIMEOUT_MS = 30_000;
/** Refused before it was done: asked again, whatever it was. */
const TOO_MANY = 429;
/** Reads are asked again after such an answer; a write may have happened, so it is not. */
const TRANSIENT: ReadonlySet<number> = new Set([502, 503, 504]);
const ATTEMPTS = 3;
const TOKENS = "/access/service_tokens";

export interface AdminApiDeps {
  readonly dispatcher: Dispatcher;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

export function createAdminApi(settings: ApiSettings, deps: AdminApiDeps): AdminApi {
  const { now = Date.now } = deps;
  let aheadMs = 0;
  const call = async (method: Dispatcher.HttpMethod, path: string, body?: unknown) => {
    const what = `${method} ${path.split("?", 1)[0]}`;
    const { status, text, date } = await send(settings, deps, { method, path, body, what });
    if (date !== undefined) aheadMs = date - now();
    return unwrap(what, status, text);
  };
  const one = (id: string) => `${TOKENS}/${encodeURIComponent(id)}`;
  return {
    listTokens: () => allPages((query) => call("GET", `${TOKENS}?${query}`)),
    getToken: async (id) => (await call("GET", one(id))) as ApiServiceToken,
    createToken: async (body) => withSecret(await call("POST", TOKENS, body)),
    updateToken: async (id, body) => (await call("PUT", one(id), body)) as ApiServiceToken,
    rotateToken: async (id, rotation) => withSecret(await call("POST", `${one(id)}/rotate`, rotation)),
    refreshToken: async (id) => (await call("POST", `${one(id)}/refresh`)) as ApiServiceToken,
    deleteToken: async (id) => (await call("DELETE", one(id))) as ApiServiceToken,
    rotateKeys: async () => ((await call("POST", "/access/keys/rotate")) ?? {}) as ApiKeyRotation,
    dryRun: (body) => call("POST", "/access/policy_dry_run", body),
    accessRequests: async (query) => {
      const found = await call("GET", `/access/logs/access_requests?${new URLSearchParams(query)}`);
      return (found ?? []) as readonly AccessRequest[];
    },
    serverNowMs: () => now() + aheadMs,
  };
}

/** Page after page until one brings nothing new: some servers tell no totals, and some give shorter pages than were asked for. */
async function allPages(read: (query: URLSearchParams) => Promise<unknown>): Promise<readonly ApiServiceToken[]> {
  const found = new Map<string, ApiServiceToken>();
  for (let page = 1; ; page += 1) {
    const items = (await read(new URLSearchParams({ page: String(page), per_page: String(PER_PAGE) }))) ?? [];
    if (!Array.isArray(items)) throw new AdminError("ERR_ADMIN_API_ANSWER", "The list of service tokens is no list.");
    const before = found.size;
    for (const token of items as readonly ApiServiceToken[]) found.set(token.id, token);
    if (found.size === before) return [...found.values()];
  }
}

function withSecret(result: unknown): ApiServiceTokenWithSecret {
  const token = result as Partial<ApiServiceTokenWithSecret> | null;
  if (typeof token?.client_secret === "string" && typeof token.client_id === "string")
    return token as ApiServiceTokenWithSecret;
  throw new AdminError("ERR_ADMIN_API_ANSWER", "The API gave no client secret: rotate the token to get one.");
}

async function send(settings: ApiSettings, { dispatcher, sleep }: AdminApiDeps, call: Call) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await exchange(settings, dispatcher, call);
    const isRepeatable = answer.status === TOO_MANY || (call.method === "GET" && TRANSIENT.has(answer.status));
    if (!isRepeatable || attempt === ATTEMPTS) return answer;
    await sleep(answer.retryAfterMs ?? 500 * attempt);
  }
}

interface Call {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly body: unknown;
  readonly what: string;
}

async function exchange({ baseUrl, accountId, apiToken }: ApiSettings, dispatcher: Dispatcher, call: Call) {
  const url = new URL(`${baseUrl}/accounts/${encodeURIComponent(accountId)}${call.path}`);
  const content = call.body === undefined ? {} : { "content-type": "application/json" };
  try {
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.method,
      headers: { authorization: `Bearer ${apiToken}`, accept: "application/json", ...content },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    const retryAfter = Number(answer.headers["retry-after"]);
    const retryAfterMs = retryAfter > 0 && retryAfter <= 60 ? retryAfter * 1_000 : undefined;
    const date = Date.parse(String(answer.headers.date ?? "")) || undefined;
    return { status: answer.statusCode, text: await answer.body.text(), retryAfterMs, date };
  } catch (cause) {
    const message = `${call.what}: the API at ${url.origin} cannot be reached (${reasonOf(cause)}).`;
    throw new AdminError("ERR_ADMIN_API_UNREACHABLE", message, { cause });
  }
}
