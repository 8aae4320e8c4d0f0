/** Why something failed, in a word: the code of Node or OpenSSL (`ECONNREFUSED`), else the error's name (`TimeoutError`). */
export function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === "string" ? code : String(name ?? "unknown reason");
}
