import { parseEnv } from "node:util";
import type { Credentials } from "./source.ts";

/** The names that the two halves go by in a file: ours, the API's, wrangler's. The first that is there counts. */
export const ID_NAMES = ["clientId", "client_id", "CLOUDFLARE_ACCESS_CLIENT_ID"] as const;
export const SECRET_NAMES = ["clientSecret", "client_secret", "CLOUDFLARE_ACCESS_CLIENT_SECRET"] as const;

/**
 * Reads JSON or the lines of an env file. What is missing is told by name; what is there never.
 *
 * @throws {SyntaxError}
 */
export function parseCredentials(text: string): Credentials {
  const values = text.trimStart().startsWith("{") ? parseJson(text) : parseEnv(text);
  return { clientId: pick(values, ID_NAMES), clientSecret: pick(values, SECRET_NAMES) };
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // The engine's own message quotes the text.
    throw new SyntaxError("it is not valid JSON");
  }
}

function pick(values: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  const value = names.map((name) => values[name]).find((one) => typeof one === "string" && one !== "");
  if (typeof value === "string") return value;
  throw new SyntaxError(`it has no ${names.join(" or ")}`);
}
