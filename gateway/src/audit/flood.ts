import type { AuditEvent } from "./event.ts";

/** Keeps a flood of like events out of the log: lets the first of each source through and counts the rest. */
export interface FloodGate {
  /** Whether the event gets a line of its own. What does not is counted. */
  admits(event: AuditEvent, nowMs: number): boolean;
  /** One event for each source of which something was left out, with `count` in its detail, once its minute is over. */
  summaries(nowMs: number, isLast?: boolean): AuditEvent[];
}

export const FLOOD_WINDOW_MS = 60_000;
/** So many like lines a minute from one actor or address tell all there is to tell. */
export const LINES_PER_SOURCE = 20;
/** Addresses are free to an attacker who has many: so many lines a minute for all strangers together, some 0.5 GB a day. */
export const LINES_OF_STRANGERS = 600;
/** Actors that are known can be no more than there are; this bounds memory all the same. */
const MAX_SOURCES = 10_000;

interface Source {
  readonly example: AuditEvent;
  readonly sinceMs: number;
  lines: number;
  leftOut: number;
}

export function createFloodGate(): FloodGate {
  let sources = new Map<string, Source>();
  let strangersLines = 0;
  let windowStartMs = Number.NEGATIVE_INFINITY;

  const open = (key: string, example: AuditEvent, sinceMs: number, lines: number): Source => {
    const source = { example, sinceMs, lines, leftOut: 0 };
    sources.set(key, source);
    return source;
  };
  /** Where there is no room for one more source, what is left out of all the rest is counted together. */
  const sourceOf = (event: AuditEvent, nowMs: number, hasRoom: boolean): Source => {
    const kind = `${event.event} ${event.reason}`;
    const key = `${kind} ${event.application?.id} ${whoOf(event)}`;
    const known = sources.get(key);
    if (known !== undefined || hasRoom) return known ?? open(key, event, nowMs, 0);
    return sources.get(kind) ?? open(kind, anonymous(event), nowMs, LINES_PER_SOURCE);
  };

  return {
    admits(event, nowMs) {
      if (event.kind !== "access") return true;
      if (sources.size === 0) windowStartMs = nowMs;
      const isStranger = event.actor.kind === "unknown";
      const isHeard = !isStranger || strangersLines < LINES_OF_STRANGERS;
      const source = sourceOf(event, nowMs, isHeard && sources.size < MAX_SOURCES);
      if (!isHeard || source.lines >= LINES_PER_SOURCE) {
        source.leftOut += 1;
        return false;
      }
      source.lines += 1;
      if (isStranger) strangersLines += 1;
      return true;
    },
    summaries(nowMs, isLast = false) {
      if (!isLast && Math.abs(nowMs - windowStartMs) < FLOOD_WINDOW_MS) return [];
      const flooded = [...sources.values()].filter(({ leftOut }) => leftOut > 0);
      sources = new Map();
      strangersLines = 0;
      return flooded.map(summaryOf);
    },
  };
}

function summaryOf({ example, leftOut, sinceMs }: Source): AuditEvent {
  return { ...example, rayId: "", detail: { count: leftOut, since: new Date(sinceMs).toISOString() } };
}

function anonymous(event: AuditEvent): AuditEvent {
  const { application: _, ...rest } = event;
  return { ...rest, actor: { kind: "unknown" }, ip: "" };
}

function whoOf({ actor, ip }: AuditEvent): string {
  return actor.kind === "unknown" ? ip : JSON.stringify(actor);
}
