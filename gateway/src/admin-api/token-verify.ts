import type { RequestHandler } from "express";
import { successEnvelope } from "./envelope.ts";
import { exchangeOf } from "./exchange.ts";

/** `GET /user/tokens/verify`: whether the API token that was sent is good. Its shape is Cloudflare's. */
export const verifyToken: RequestHandler = (_request, response) => {
  const { caller } = exchangeOf(response);
  if (caller === undefined) throw new TypeError("the call was not authenticated");
  const expiry = caller.expiresAtMs === null ? {} : { expires_on: new Date(caller.expiresAtMs).toISOString() };
  const messages = [{ code: 10_000, message: "This API Token is valid and active" }];
  response.json({ ...successEnvelope({ id: caller.id, status: "active", ...expiry }), messages });
};
