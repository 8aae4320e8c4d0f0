/** The tables. Instants are RFC 3339 in UTC with milliseconds, so that text compares as time on every engine. */
export interface Schema {
  /** One row for each notice and whoever gets it; it stays when it was posted, so that nobody gets it twice. */
  notices: NoticeRow;
}

interface NoticeRow {
  /** What it is about; the same in every replica. */
  id: string;
  kind: string;
  client_id: string;
  /** A channel's id, or a user's. */
  recipient: string;
  /** The notice as JSON. */
  facts: string;
  created_at: string;
  /** Until then it is in somebody's hands, or waits for the next try. */
  held_until: string;
  tries: number;
  posted_at: string | null;
}
