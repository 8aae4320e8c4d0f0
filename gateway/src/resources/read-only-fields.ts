/** What the API adds to what it was given: clients send it back with a PUT, and it means nothing there. */
const READ_ONLY_FIELDS: ReadonlySet<string> = new Set([
  "id",
  "uid",
  "created_at",
  "updated_at",
  "read_only",
  "managed_by",
  "problems",
]);

/** A body without what only answers have. What is no object stays as it is, for the schema to refuse. */
export function withoutReadOnly(body: unknown, ...more: readonly string[]): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !READ_ONLY_FIELDS.has(name) && !more.includes(name)),
  );
}
