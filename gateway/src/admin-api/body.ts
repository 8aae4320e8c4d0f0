import express, { type RequestHandler } from "express";
import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";

const LIMIT_BYTES = 1024 * 1024;
/** Postgres keeps none, so that it could not be searched for either. */
const NO_NUL = "The request holds a NUL character, which can stand in no field.";

/** Reads a JSON body into `request.body`; undefined when there is none. Anything but JSON is refused, for a form needs no consent of ours. */
export function readJsonBody(): RequestHandler {
  const parse = express.json({ limit: LIMIT_BYTES, strict: false, type: () => true, verify: refuseNul });
  return (request, response, next) => {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) === 0) return next();
    if (!request.is("application/json")) {
      throw new ApiError(415, API_CODES.unreadableBody, "The body must be JSON: send Content-Type: application/json.");
    }
    parse(request, response, next);
  };
}

/** `\u0000` as an escape, that is, after an even number of backslashes. */
const NUL = /(?<!\\)(?:\\\\)*\\u0000/;

function refuseNul(_request: unknown, _response: unknown, body: Buffer, encoding: string): void {
  // body-parser would read UTF-16, too, in which a NUL looks otherwise.
  if (encoding !== "utf-8") throw new ApiError(415, API_CODES.unreadableBody, "The body must be UTF-8.");
  if (NUL.test(body.toString("latin1"))) throw new ApiError(400, API_CODES.unreadableBody, NO_NUL);
}

/** Refuses it in the path and the query too. */
export const refuseNulInUrl: RequestHandler = ({ url }, _response, next) => {
  if (url.includes("%00")) throw new ApiError(400, API_CODES.unreadableBody, NO_NUL);
  next();
};
