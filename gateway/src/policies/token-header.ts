import { z } from "zod";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers with a meaning of their own, for us or on the wire. `Authorization` is not among them: it is the usual choice. */
const TAKEN =
  /^(?:host|cookie|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|sec-.*|cf-.*|x-forwarded-.*|origin|accept|user-agent|traceparent)$/i;

/** `read_service_tokens_from_header`: the one header that may carry the pair as JSON. */
export const tokenHeaderField = z
  .string()
  .regex(NAME, "is not a header's name")
  .refine(
    (name) => !TAKEN.test(name.replaceAll(/[_.]/g, "-")),
    "is a header with a meaning of its own: choose another, such as Authorization",
  );
