import { z } from "zod";
import { SlackFailure } from "./failure.ts";

/**
 * Reads the body of a call: JSON, a form, or a multipart form (which web-api sends when it carries bytes).
 *
 * @throws {SlackFailure} `invalid_json`, `invalid_form_data`, `invalid_post_type`
 */
export async function readArguments(contentType: string, body: Buffer): Promise<Record<string, unknown>> {
  if (body.length === 0) return {};
  if (contentType.startsWith("application/json")) return parseJsonObject(body.toString("utf8"));
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  }
  if (contentType.startsWith("multipart/form-data")) return parseMultipart(contentType, body);
  throw new SlackFailure("invalid_post_type");
}

async function parseMultipart(contentType: string, body: Buffer): Promise<Record<string, unknown>> {
  try {
    const form = new Response(new Uint8Array(body), { headers: { "content-type": contentType } });
    return Object.fromEntries(await form.formData());
  } catch {
    throw new SlackFailure("invalid_form_data");
  }
}

function parseJsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Answered below, like JSON that is not an object.
  }
  throw new SlackFailure("invalid_json");
}

/** An object or array: as it is in a JSON body, encoded as a string in a form. */
export const json = z.unknown().transform((value, context) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    context.addIssue("must be valid JSON");
    return z.NEVER;
  }
});

/** A boolean: `true` in a JSON body; `true`, `1` or `false`, `0` in a form. */
export const flag = z.union([z.boolean(), z.stringbool()]);

export const integer = z.coerce.number().int();

/** How many items a page of a list holds. */
export const pageLimit = integer.min(1).max(1000).default(100);
