import type { DatabaseSync } from "node:sqlite";
import type { Message, ThreadSummary } from "../model.ts";

interface Page {
  /** Only messages older than this one. */
  readonly before?: string;
  readonly limit: number;
}

/** Messages as they are kept: each under its channel and time stamp. */
export interface MessageStore {
  save(message: Message): void;
  delete(channel: string, ts: string): void;
  find(channel: string, ts: string): Message | undefined;
  /** Messages of the channel itself, oldest first; thread replies only where they were broadcast. */
  ofChannel(channel: string, page: Page): Message[];
  /** A thread with its first message, oldest first. */
  ofThread(channel: string, threadTs: string): Message[];
  /** The newest message of each channel. */
  latest(): Record<string, string>;
  readMarks(person: string): Record<string, string>;
  markRead(person: string, channel: string, ts: string): void;
}

const SUMMARY = `(SELECT json_object('replies', COUNT(*), 'latestTs', MAX(reply.ts), 'authors', json_group_array(DISTINCT reply.author))
  FROM messages AS reply WHERE reply.channel = m.channel AND reply.thread_ts = m.ts AND reply.ts <> m.ts) AS summary`;

export function createMessageStore(database: DatabaseSync): MessageStore {
  const save = database.prepare(
    "INSERT INTO messages (channel, ts, thread_ts, author, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
  );
  const remove = database.prepare("DELETE FROM messages WHERE channel = ? AND ts = ?");
  const find = database.prepare(`SELECT m.body, ${SUMMARY} FROM messages m WHERE m.channel = ? AND m.ts = ?`);
  const ofChannel = database.prepare(
    `SELECT m.body, ${SUMMARY} FROM messages m WHERE m.channel = ? AND m.ts < ?
     AND (m.thread_ts IS NULL OR m.thread_ts = m.ts OR m.body ->> 'isBroadcast' = 1) ORDER BY m.ts DESC LIMIT ?`,
  );
  const ofThread = database.prepare(
    `SELECT m.body, ${SUMMARY} FROM messages m WHERE m.channel = ? AND (m.ts = ? OR m.thread_ts = ?) ORDER BY m.ts`,
  );
  const latest = database.prepare("SELECT channel, MAX(ts) AS ts FROM messages GROUP BY channel");
  const marks = database.prepare("SELECT channel, ts FROM read_marks WHERE person = ?");
  const mark = database.prepare(
    "INSERT INTO read_marks (person, channel, ts) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ts = max(ts, excluded.ts)",
  );
  return {
    save(message) {
      const { thread: _computed, ...body } = message;
      save.run(message.channel, message.ts, message.threadTs ?? null, message.author, JSON.stringify(body));
    },
    delete: (channel, ts) => void remove.run(channel, ts),
    find(channel, ts) {
      const row = find.get(channel, ts);
      return row === undefined ? undefined : toMessage(row);
    },
    ofChannel: (channel, { before = "~", limit }) => ofChannel.all(channel, before, limit).map(toMessage).reverse(),
    ofThread: (channel, threadTs) => ofThread.all(channel, threadTs, threadTs).map(toMessage),
    latest: () => byChannel(latest.all()),
    readMarks: (person) => byChannel(marks.all(person)),
    markRead: (person, channel, ts) => void mark.run(person, channel, ts),
  };
}

type Row = Record<string, unknown>;

function toMessage(row: Row): Message {
  const message = JSON.parse(String(row["body"])) as Message;
  const thread = JSON.parse(String(row["summary"])) as ThreadSummary;
  return thread.replies === 0 ? message : { ...message, thread };
}

function byChannel(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [String(row["channel"]), String(row["ts"])]));
}
