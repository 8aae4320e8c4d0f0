import type { Logger } from "@gatehouse/service";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { PAGE_HEADERS, renderPage } from "../pages/page.ts";
import { recognizeRequester } from "../request/requester.ts";
import { ApiError } from "./api-error.ts";
import { failureEnvelope, successEnvelope } from "./envelope.ts";
import { callerBy, exchangeOf } from "./exchange.ts";
import { API_CODES, failureOf } from "./failure.ts";
import type { ApiRoute } from "./route.ts";

/** Runs a route and wraps its answer. */
export function answerWith(route: ApiRoute): RequestHandler {
  return async (request, response) => {
    const left = new AbortController();
    response.once("close", () => left.abort());
    const at = request.url.indexOf("?");
    const { status, result, resultInfo } = await route.handle({
      params: request.params as Record<string, string>,
      query: new URLSearchParams(at === -1 ? "" : request.url.slice(at + 1)),
      body: request.body,
      by: callerBy(response),
      // All of Cloudflare's SDKs, Terraform's provider among them, send it.
      isRetry: Number(request.headers["x-stainless-retry-count"] ?? 0) > 0,
      signal: left.signal,
    });
    response.status(status ?? 200).json(successEnvelope(result, resultInfo));
  };
}

export function refuseMethod(methods: readonly string[]): RequestHandler {
  return (request, response) => {
    response.setHeader("allow", methods.join(", "));
    const message = `${request.method} is not allowed here: ${methods.join(", ")} ${methods.length === 1 ? "is" : "are"}.`;
    throw new ApiError(405, API_CODES.methodNotAllowed, message);
  };
}

export const answerNotFound: RequestHandler = (request, response) => {
  const isPerson =
    !request.path.startsWith("/client/") && recognizeRequester(request.headers, { kind: "none" }) === "person";
  if (isPerson) {
    response
      .status(404)
      .set(PAGE_HEADERS)
      .send(nothingHere(exchangeOf(response).rayId));
    return;
  }
  const message = `Could not route to ${request.baseUrl}${request.path}: there is no such call.`;
  throw new ApiError(404, API_CODES.noSuchPath, message);
};

function nothingHere(rayId: string): string {
  return renderPage({
    title: "Nothing is at this address",
    paragraphs: ["Whatever an admin needs begins at the admin page."],
    actions: [{ label: "Open the admin page", href: "/" }],
    rayId,
  });
}

/** A retry helps only where the store was away; the official SDK would send 409, 429 and 5xx up to three times. */
const MAY_RETRY: ReadonlySet<number> = new Set([503]);

/** Answers whatever was thrown; what nobody expected is logged, and not told. */
export function answerFailure(logger: Logger): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const { status, errors, isUnexpected } = failureOf(error);
    if (isUnexpected) logger.error({ err: error, rayId: exchangeOf(response).rayId }, "a call of the admin API failed");
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (status === 401) response.setHeader("www-authenticate", "Bearer");
    if (status === 429) response.setHeader("retry-after", "60");
    if (status === 503) response.setHeader("retry-after", "2");
    response.setHeader("x-should-retry", String(MAY_RETRY.has(status)));
    response.status(status).json(failureEnvelope(errors));
  };
}
