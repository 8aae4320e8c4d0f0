/** What a parameter may be. Integers are bound as 64-bit integers, other numbers as doubles. */
export type SqlValue = string | number | null;

/** A piece of SQL. Values stand apart from the text until the engine binds them: nothing is concatenated. */
export interface Sql {
  readonly texts: readonly string[];
  /** One fewer than `texts`. */
  readonly values: readonly SqlValue[];
}

/** Builds a piece of SQL; a piece within a piece is woven in, anything else becomes a bound parameter. */
export function sql(texts: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  const out = { texts: [texts[0] ?? ""], values: [] as SqlValue[] };
  parts.forEach((part, index) => {
    weave(out, isSql(part) ? part : { texts: ["", ""], values: [part] });
    weave(out, { texts: [texts[index + 1] ?? ""], values: [] });
  });
  return out;
}

/** Pieces with a separator between them; `empty` where there are none. */
export function joinSql(pieces: readonly Sql[], separator: Sql, empty: Sql = sql``): Sql {
  const [first, ...rest] = pieces;
  if (first === undefined) return empty;
  return rest.reduce((all, piece) => sql`${all}${separator}${piece}`, first);
}

/** A table's or column's name. Only plain names come in: ours and the catalogue's, never a question's. */
export function identifier(name: string): Sql {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`not a plain SQL name: ${JSON.stringify(name)}`);
  return { texts: [`"${name}"`], values: [] };
}

/** The text with numbered placeholders, `$1` onwards, and what to bind to them. */
export function renderSql({ texts, values }: Sql): { text: string; values: readonly SqlValue[] } {
  return { text: texts.map((text, index) => (index === 0 ? text : `$${index}${text}`)).join(""), values };
}

function isSql(part: Sql | SqlValue): part is Sql {
  return typeof part === "object" && part !== null;
}

function weave(out: { texts: string[]; values: SqlValue[] }, { texts, values }: Sql): void {
  out.texts.push(`${out.texts.pop() ?? ""}${texts[0] ?? ""}`, ...texts.slice(1));
  out.values.push(...values);
}
