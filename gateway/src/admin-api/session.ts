import type { IncomingHttpHeaders } from "node:http";
import { Router } from "express";
import { z } from "zod";
import type { ApiTokenDirectory, LiveApiToken } from "../api-tokens/api-token-directory.ts";
import type { SecretBox } from "../keys/secret-box.ts";
import { ApiError } from "./api-error.ts";
import { readJsonBody } from "./body.ts";
import { successEnvelope } from "./envelope.ts";
import { exchangeOf } from "./exchange.ts";
import { API_CODES } from "./failure.ts";
import { isSameOrigin } from "./same-origin.ts";
import type { WrongTokens } from "./wrong-tokens.ts";

/** Access's prefix, so that the gateway never passes it on: cookies do not tell ports apart. */
const COOKIE = "CF_Session_Admin";
const PURPOSE = "admin session";
/** A working day. */
const SESSION_MS = 12 * 3_600_000;

export interface AdminSessionsDeps {
  readonly apiTokens: ApiTokenDirectory;
  readonly box: SecretBox;
  readonly wrongTokens: WrongTokens;
  /** Host names under which the page is opened, besides localhost and addresses. */
  readonly hosts: readonly string[];
  readonly now: () => number;
}

const sealedSession = z.object({ tokenId: z.string(), expiresAtMs: z.number() });

/**
 * The API token behind the page's cookie, for as long as the session lasts; undefined when there is none, when it has ended, or
 * when another origin sent it.
 */
export function findSessionToken(headers: IncomingHttpHeaders, deps: AdminSessionsDeps): LiveApiToken | undefined {
  if (!isSameOrigin(headers, deps.hosts)) return undefined;
  const sealed = cookieValue(headers.cookie ?? "");
  const opened = sealed === undefined ? undefined : deps.box.open(PURPOSE, sealed);
  if (opened === undefined) return undefined;
  const { tokenId, expiresAtMs } = sealedSession.parse(JSON.parse(opened));
  const token = deps.now() < expiresAtMs ? deps.apiTokens.find(tokenId) : undefined;
  return token && { ...token, expiresAtMs };
}

/**
 * The admin page's login. `POST {token}` answers a cookie that stands for the API token, for 12 hours and never longer than the
 * token itself; `GET` says whose it is, or null; `DELETE` takes it away. Only for pages of this server (`isSameOrigin`).
 */
export function sessionRoutes(deps: AdminSessionsDeps): Router {
  const router = Router();
  router.use((request, _response, next) => {
    if (!isSameOrigin(request.headers, deps.hosts)) throw notFromHere();
    next();
  });
  router.post("/", readJsonBody(), (request, response) => {
    const { token } = z.object({ token: z.string().trim().min(1).max(200) }).parse(request.body);
    const exchange = exchangeOf(response);
    const live = deps.apiTokens.authenticate(token);
    if (live === undefined) {
      exchange.refusal = "wrong_api_token";
      throw deps.wrongTokens.refuse(exchange.ip, "There is no such API token, or it has expired.");
    }
    const expiresAtMs = Math.min(deps.now() + SESSION_MS, live.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const sealed = deps.box.seal(PURPOSE, JSON.stringify({ tokenId: live.id, expiresAtMs }));
    response.setHeader("set-cookie", cookie(sealed, expiresAtMs, request.headers.origin));
    response.json(successEnvelope(describe(live)));
  });
  router.get("/", (request, response) => {
    const live = findSessionToken(request.headers, deps);
    response.json(successEnvelope(live === undefined ? null : describe(live)));
  });
  router.delete("/", (request, response) => {
    response.setHeader("set-cookie", cookie("", 0, request.headers.origin));
    response.json(successEnvelope({}));
  });
  return router;
}

function notFromHere(): ApiError {
  const message =
    "This is for the admin page alone. Open it by an address, by localhost, or by a name in GATEWAY_ADMIN_HOSTS; programs send Authorization: Bearer.";
  return new ApiError(403, API_CODES.authentication, message);
}

function describe({ name, scopes, expiresAtMs }: LiveApiToken) {
  return { name, scopes, expires_at: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() };
}

/** The admin server speaks plain http. Whether there is TLS before it, the browser says: it sends `Origin` with what may change things. */
function cookie(value: string, expiresAtMs: number, origin: string | undefined): string {
  const secure = origin?.startsWith("https:") === true ? "; Secure" : "";
  return `${COOKIE}=${value}; Expires=${new Date(expiresAtMs).toUTCString()}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

function cookieValue(header: string): string | undefined {
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE}=`));
  return values.length === 1 ? values[0]?.slice(COOKIE.length + 1) : undefined;
}
