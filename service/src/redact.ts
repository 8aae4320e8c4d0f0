/**
 * Shapes of secrets that must never reach a log: Slack tokens, response URLs, service-token secrets (new and old form), API tokens
 * and, below, JWTs.
 *
 * They are looked for in JSON, so none may begin at a word boundary (the `n` of `\n` would hide what follows a line break) or
 * take in a quote or backslash (the line would end early, and the rest be read as other fields). None may read the same
 * letters again from many places, for strangers choose the text.
 */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/x(?:ox[a-z]|app)-[\w-]{6,}/g, "[slack token]"],
  [/https:\/\/hooks\.slack\.com\/[^\s"\\]+/g, "[response url]"],
  // After an escape such as \u001c, whose last digit is the c: without it the line would be no JSON.
  [/(?<=\\u[0-9a-f]{3}c)fast_[A-Za-z0-9]{8,}/g, "[client secret]"],
  [/cfast_[A-Za-z0-9]{8,}/g, "[client secret]"],
  [/gatehouse_[A-Za-z0-9]{40,}/g, "[api token]"],
  [/(cf-access-client-secret(?:\\?")?\s*[:=]\s*(?:\\?")?)[^"\s,;}\\[{]+/gi, "$1[client secret]"],
  [/(CF_(?:Authorization|Session_Admin)=)[^;\s"\\]+/g, "$1[redacted]"],
];

/** Any word that begins as a JWT, whole, so that its end is looked for once; and what makes it one. */
const JWT = /(eyJ[\w-]*)(\.eyJ[\w-]*\.[\w-]*)?/g;

/** A JWT is kept up to its header, whose `kid` is public and useful. */
function withoutClaims(_word: string, header: string, rest: string | undefined): string {
  return rest === undefined ? header : `${header}.[redacted]`;
}

/** The words that every shape above has one of: most lines have none, and are let through at a glance. */
const SECRET_HINT =
  /xox|xapp-|hooks\.slack\.com|cfast_|eyJ|cf-access-client-secret|CF_Authorization=|CF_Session_Admin=|gatehouse_/i;

/** Returns `text` with everything in the shape of one of our secrets replaced by what it was. */
export function redactSecrets(text: string): string {
  if (!SECRET_HINT.test(text)) return text;
  return SECRET_SHAPES.reduce(
    (safe, [shape, replacement]) => safe.replace(shape, replacement),
    text.replace(JWT, withoutClaims),
  );
}

/** Names under which a secret could be logged by mistake. */
const SECRET_NAMES = new Set([
  "authorization",
  "cookie",
  "set-cookie",
  "clientSecret",
  "client_secret",
  "token",
  "password",
]);
const SECRET_FIELD = new RegExp(`"(?:${[...SECRET_NAMES].join("|")})":`);

/**
 * Returns a line of JSON without the values of fields that could hold a secret, wherever they stand. It is the finished line that
 * is looked at: to walk every object before it is written costs more than all the rest of a log line.
 */
export function redactFields(line: string): string {
  if (!SECRET_FIELD.test(line)) return line;
  const hide = (name: string, value: unknown) => (SECRET_NAMES.has(name) ? "[redacted]" : value);
  return `${JSON.stringify(JSON.parse(line), hide)}\n`;
}
