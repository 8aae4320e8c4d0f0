import { escapeHtml } from "./escape-html.ts";

/** White text stands out from each, in light and dark. */
const COLOURS = ["#2f5fde", "#0f766e", "#9333ea", "#b45309", "#be185d", "#15803d", "#0369a1", "#b91c1c"];

/** A picture for a thing: its logo, or its first letter on a colour that is always the same for the same name. */
export function renderMark(name: string, logoUrl: string | null): string {
  if (logoUrl !== null && isPicture(logoUrl)) {
    return `<span class="mark"><img src="${escapeHtml(logoUrl)}" alt="" referrerpolicy="no-referrer"></span>`;
  }
  const sum = [...name].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  const [letter = "?"] = [...name.trim().toUpperCase()];
  return `<span class="mark" style="background:${COLOURS[sum % COLOURS.length]}" aria-hidden="true">${escapeHtml(letter)}</span>`;
}

/** The origin that a content security policy must allow for a logo. */
export function pictureOrigins(logoUrls: readonly (string | null)[]): string[] {
  return logoUrls.flatMap((url) => (url !== null && isPicture(url) ? [new URL(url).origin] : []));
}

function isPicture(url: string): boolean {
  return URL.canParse(url) && ["https:", "http:"].includes(new URL(url).protocol);
}
