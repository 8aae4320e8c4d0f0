/**
 * Shapes of secrets that must never reach a log: Slack tokens, response URLs, service-token secrets (new and old form),
 * and JWTs (kept up to the header, whose `kid` is public and useful).
 */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/\bx(?:ox[a-z]|app)-[\w-]{6,}/g, "[slack token]"],
  [/https:\/\/hooks\.slack\.com\/[^\s"\\]+/g, "[response url]"],
  [/\bcfast_[A-Za-z0-9]{8,}/g, "[client secret]"],
  [/\b(eyJ[\w-]+)\.eyJ[\w-]*\.[\w-]*/g, "$1.[redacted]"],
  [/("?cf-access-client-secret"?\s*[:=]\s*"?)[^"\s,;}]+/gi, "$1[client secret]"],
  [/(CF_Authorization=)[^;\s"\\]+/g, "$1[redacted]"],
];

/** Returns `text` with everything in the shape of one of our secrets replaced by what it was. */
export function redactSecrets(text: string): string {
  return SECRET_SHAPES.reduce((safe, [shape, replacement]) => safe.replace(shape, replacement), text);
}
