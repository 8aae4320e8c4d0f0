import express, { type RequestHandler } from "express";
import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";

const LIMIT_BYTES = 1024 * 1024;

/** Reads a JSON body into `request.body`; undefined when there is none. Anything but JSON is refused, for a form needs no consent of ours. */
export function readJsonBody(): RequestHandler {
  const parse = express.json({ limit: LIMIT_BYTES, strict: false, type: () => true });
  return (request, response, next) => {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) === 0) return next();
    if (!request.is("application/json")) {
      throw new ApiError(415, API_CODES.unreadableBody, "The body must be JSON: send Content-Type: application/json.");
    }
    parse(request, response, next);
  };
}
