import { z } from "zod";
import { parseDuration } from "./duration.ts";

const MIN_SESSION_MS = 1_000;
/** Access allows up to a month. */
const MAX_SESSION_MS = 31 * 24 * 3_600_000;
const MAX_NAME_LENGTH = 255;

export const nameField = z.string().trim().min(1, "must not be empty").max(MAX_NAME_LENGTH, "is too long");

/** A Go duration between a second and 31 days; stays text. */
export const sessionDurationField = z.string().superRefine((text, context) => {
  try {
    const durationMs = parseDuration(text);
    if (durationMs >= MIN_SESSION_MS && durationMs <= MAX_SESSION_MS) return;
    context.addIssue({ code: "custom", message: "must lie between 1s and 744h" });
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
  }
});

/** It goes into a header as it is, where neither a line break nor a letter beyond ASCII may stand. */
const WEB_ADDRESS = /^https?:\/\/(?!\/)[\x21-\x7e]+$/i;

export const webAddressField = z
  .string()
  .refine(
    (text) => WEB_ADDRESS.test(text) && URL.canParse(text),
    "must be an http:// or https:// address, with spaces and letters beyond ASCII escaped",
  );

/** A field of Cloudflare's that we keep and give back, and that decides nothing. */
export const keptField = z.unknown().optional();

/**
 * A field of Cloudflare's whose being on would promise a protection that this gateway does not give: refused, by name, unless it is
 * off. Off is `false`, empty, or an object of nothing else.
 */
export function unsupportedField(what: string) {
  const message = `is not supported by this gateway (${what}): leave it out or switch it off, for nothing would be protected by it`;
  return z.unknown().optional().refine(isOff, message);
}

function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isOff);
}

/** Many clients send `null` for a field that is not set. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}
