import { z } from "zod";
import { withoutNulls } from "./fields.ts";
import type { CorsSettings } from "./model.ts";

const METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"] as const;
const MAX_AGE_SECONDS = 86_400;

const originText = z.string().refine((text) => text === "*" || (URL.canParse(text) && new URL(text).origin === text), {
  message: "must be an origin such as https://app.example.com, or *",
});
const headerName = z.string().regex(/^(?:\*|[!#$%&'*+.^_`|~0-9A-Za-z-]+)$/, "is not a header's name");

/** `cors_headers`, with Cloudflare's field names. */
export const corsSchema = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      allow_all_headers: z.boolean().default(false),
      allow_all_methods: z.boolean().default(false),
      allow_all_origins: z.boolean().default(false),
      allow_credentials: z.boolean().default(false),
      allowed_headers: z.array(headerName).default([]),
      allowed_methods: z.array(z.enum(METHODS, { error: `must be one of: ${METHODS.join(", ")}` })).default([]),
      allowed_origins: z.array(originText).default([]),
      max_age: z
        .number()
        .int()
        .min(-1, "is in seconds: -1 (never kept) to 86400")
        .max(MAX_AGE_SECONDS, "is in seconds: -1 (never kept) to 86400")
        .optional(),
    })
    .superRefine((cors, context) => {
      if (cors.allow_credentials && (cors.allow_all_origins || cors.allowed_origins.includes("*"))) {
        const message =
          "cannot be on for all origins: any website could read the application as its visitor; list allowed_origins";
        context.addIssue({ code: "custom", path: ["allow_credentials"], message });
      }
    }),
);

type CorsDocument = z.output<typeof corsSchema>;

export function compileCors(cors: CorsDocument | undefined): CorsSettings | null {
  if (cors === undefined) return null;
  return {
    origins: cors.allow_all_origins ? ["*"] : cors.allowed_origins,
    methods: cors.allow_all_methods ? ["*"] : cors.allowed_methods,
    headers: cors.allow_all_headers ? ["*"] : cors.allowed_headers,
    allowsCredentials: cors.allow_credentials,
    maxAgeSeconds: cors.max_age ?? null,
  };
}
