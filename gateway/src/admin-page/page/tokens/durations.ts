import type { Choice } from "../kit/fields.ts";
import type { RadioChoice } from "../kit/radio-cards.ts";

const HOUR_MS = 3_600_000;

/** How long a token may live. */
export const LIVES: readonly Choice[] = [
  ["720h", "30 days"],
  ["2160h", "90 days"],
  ["4380h", "6 months"],
  ["8760h", "1 year"],
  ["17520h", "2 years"],
  ["forever", "Forever"],
];

export const DEFAULT_LIFE = "8760h";

/** How long the old secret goes on beside the new one, in hours. */
export const OVERLAPS: readonly RadioChoice[] = [
  { value: "0", label: "None", hint: "The old secret stops at once. For a secret that leaked." },
  { value: "1", label: "1 hour" },
  { value: "24", label: "24 hours", hint: "Time to hand over the new secret without missing a request." },
  { value: "168", label: "7 days" },
  { value: "720", label: "30 days" },
];

export const DEFAULT_OVERLAP = "24";

/** When the overlap ends; null for none. */
export function overlapEnd(hours: string, nowMs: number): string | null {
  return hours === "0" ? null : new Date(nowMs + Number(hours) * HOUR_MS).toISOString();
}
