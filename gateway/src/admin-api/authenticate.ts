import type { IncomingHttpHeaders } from "node:http";
import type { Request, RequestHandler } from "express";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import type { LastUsed } from "../api-tokens/last-used.ts";
import { allows } from "../api-tokens/scopes.ts";
import { ApiError } from "./api-error.ts";
import { type AdminExchange, exchangeOf } from "./exchange.ts";
import { API_CODES } from "./failure.ts";
import type { ApiScope } from "./route.ts";
import { type AdminSessionsDeps, findSessionToken } from "./session.ts";

export interface AdminAuthenticationDeps extends AdminSessionsDeps {
  readonly lastUsed: LastUsed;
  /** False when what is in memory may be out of date. */
  readonly isStoreCurrent: () => boolean;
}

const BEARER = /^Bearer +(\S{1,200})$/i;
const ADVICE =
  "Send Authorization: Bearer and an API token of this gateway (made with: gateway api-tokens create NAME --scope SCOPE).";

/** Finds out whose API token a call carries, by header or by the admin page's cookie. */
export function authenticateCaller(deps: AdminAuthenticationDeps): RequestHandler {
  return (request, response, next) => {
    if (!deps.isStoreCurrent()) {
      throw new ApiError(503, API_CODES.unavailable, "The gateway's database does not answer: try again in a moment.");
    }
    const exchange = exchangeOf(response);
    const caller = callerOf(request.headers, deps);
    if (caller === undefined) throw refuseCaller(request, exchange, deps);
    exchange.caller = caller;
    deps.lastUsed.touch(caller.id);
    next();
  };
}

function refuseCaller(
  { headers, path }: Request,
  exchange: AdminExchange,
  { wrongTokens }: AdminSessionsDeps,
): ApiError {
  const isShown = headers.authorization !== undefined;
  exchange.refusal = isShown ? "wrong_api_token" : "no_api_token";
  if (!isShown) return new ApiError(401, API_CODES.authentication, `Authentication error: ${ADVICE}`);
  if (path.endsWith("/tokens/verify")) {
    return wrongTokens.refuse(exchange.ip, "Invalid API Token", API_CODES.invalidApiToken);
  }
  return wrongTokens.refuse(exchange.ip, `Authentication error: no such API token, or it has expired. ${ADVICE}`);
}

function callerOf(headers: IncomingHttpHeaders, deps: AdminAuthenticationDeps): LiveApiToken | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return findSessionToken(headers, deps);
  const secret = BEARER.exec(authorization)?.[1];
  return secret === undefined ? undefined : deps.apiTokens.authenticate(secret);
}

/** Lets on only callers whose token has the scope. */
export function requireScope(scope: ApiScope): RequestHandler {
  return (_request, response, next) => {
    const exchange = exchangeOf(response);
    if (exchange.caller !== undefined && allows(exchange.caller.scopes, scope)) return next();
    exchange.refusal = "missing_scope";
    const message = `Unauthorized to access requested resource: the API token lacks the scope ${scope}.`;
    throw new ApiError(403, API_CODES.unauthorized, message);
  };
}
