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

  const sourceOf = (event: AuditEvent, nowMs: number): Source => {
    const isStranger = event.actor.kind === "unknown";
    const own = `${event.event} ${event.reason} ${isStranger ? event.ip : nameOf(event)}`;
    const known = sources.get(own);
    const isFull = sources.size >= MAX_SOURCES || (isStranger && strangersLines >= LINES_OF_STRANGERS);
    if (known !== undefined || !isFull) return known ?? open(own, event, nowMs, 0);
    const shared = `${event.event} ${event.reason}`;
    return sources.get(shared) ?? open(shared, anonymous(event), nowMs, LINES_PER_SOURCE);
  };
  const open = (key: string, example: AuditEvent, sinceMs: number, lines: number): Source => {
    const source = { example, sinceMs, lines, leftOut: 0 };
    sources.set(key, source);
    return source;
  };

  return {
    admits(event, nowMs) {
      if (event.kind !== "access") return true;
      if (sources.size === 0) windowStartMs = nowMs;
      const source = sourceOf(event, nowMs);
      const isStranger = event.actor.kind === "unknown";
      if (source.lines >= LINES_PER_SOURCE || (isStranger && strangersLines >= LINES_OF_STRANGERS)) {
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

function nameOf({ actor }: AuditEvent): string {
  return JSON.stringify(actor);
}
