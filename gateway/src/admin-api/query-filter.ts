/** Whether an entry has the name that `name` (the whole) or `search` (a part) asks for, whatever the case. */
export function isNamed({ raw }: { readonly raw: unknown }, query: URLSearchParams): boolean {
  const name = String((raw as { name?: unknown } | null | undefined)?.name ?? "").toLowerCase();
  const whole = query.get("name")?.toLowerCase();
  const part = query.get("search")?.toLowerCase();
  return (!whole || name === whole) && (!part || name.includes(part));
}
