/** Slack reads `&`, `<` and `>` as markup, such as `<!channel>`: with these three escaped, text from elsewhere is harmless. */
export function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What a person typed, to be quoted. Slack hands it over with its entities in place: these are not escaped twice. */
export function quoteTyped(text: string, max: number): string {
  return clip(text, max)
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** At most `max` UTF-16 units, ending with … where something was cut; never half a character or half an escape. */
export function clip(text: string, max: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= max) return whole === "" ? "–" : whole;
  const cut = whole
    .slice(0, max - 1)
    .replace(/[\uD800-\uDBFF]$/, "")
    .replace(/&[a-z]{0,3}$/, "");
  return `${cut.trimEnd()}…`;
}

/** Each text at most `max` long and different from the others, as charts require. */
export function uniqueLabels(texts: readonly string[], max: number): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    let label = clip(text.trim() === "" ? "(empty)" : text, max);
    for (let count = 2; taken.has(label); count += 1) label = `${clip(text, max - ` (${count})`.length)} (${count})`;
    taken.add(label);
    return label;
  });
}

/** "a, b and c". */
export function listed(texts: readonly string[], joint = "and"): string {
  const last = texts.at(-1) ?? "";
  return texts.length <= 1 ? last : `${texts.slice(0, -1).join(", ")} ${joint} ${last}`;
}
