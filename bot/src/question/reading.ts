import type { StatsQuery } from "../stats-api.ts";
import type { Parts } from "./parts.ts";

/** Something to click: `question` is a whole sentence that the grammar reads without doubt. */
export interface Candidate {
  /** For the button. */
  readonly label: string;
  readonly question: string;
}

/** What came of reading a question. */
export type Reading =
  | {
      readonly kind: "query";
      readonly query: StatsQuery;
      readonly parts: Parts;
      /** The canonical sentence. */
      readonly question: string;
      /** Words that were passed over, as typed: the answer says so. */
      readonly unread: readonly string[];
    }
  | {
      /** More than one reading, or a word that matters and is not known: the asker decides. */
      readonly kind: "doubt";
      readonly about: string;
      readonly candidates: readonly Candidate[];
    }
  | { readonly kind: "unreadable"; readonly about: string; readonly candidates: readonly Candidate[] };

/** More buttons than this are no help. */
export const MAX_CANDIDATES = 5;
