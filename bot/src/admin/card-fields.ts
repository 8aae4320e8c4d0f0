import type { AccessStats, OriginStats } from "@gatehouse/access-client";
import { type ApiServiceToken, relativeTime } from "@gatehouse/admin/rotation";
import { describeInstant } from "../messages/dates.ts";
import { formatShare } from "../messages/numbers.ts";
import { escapeMarkup } from "../messages/text.ts";
import type { AdminFacts, DataHealth, Health } from "./facts.ts";

/** One cell of the card: mrkdwn, the first line also in the fallback text. */
export interface CardField {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What is not known says so, in a sentence. */
export function cardFields(facts: AdminFacts): readonly CardField[] {
  const { access, gateway, data, nowMs } = facts;
  const [origin] = access.origins;
  return [
    { name: "Expires", lines: expiry(facts, origin) },
    { name: "Secret", lines: secret(facts) },
    { name: "Last exchange", lines: lastExchange(origin, nowMs) },
    { name: "Cache hit rate", lines: hitRate(access) },
    { name: "Gateway", lines: gatewayLines(gateway) },
    { name: "Data", lines: dataLines(data, nowMs) },
  ];
}

function expiry({ token, nowMs }: AdminFacts, origin: OriginStats | undefined): string[] {
  const told = token.kind === "known" ? token.token.expires_at : undefined;
  if (told === null) return ["never"];
  const end = told ?? origin?.credentialExpiresAt;
  if (end == null) return ["not known: this gateway does not tell me"];
  const endMs = Date.parse(end);
  return [endMs <= nowMs ? `*expired* ${relativeTime(endMs, nowMs)}` : relativeTime(endMs, nowMs), absolute(endMs)];
}

function secret({ token, nowMs }: AdminFacts): string[] {
  if (token.kind === "unconfigured") return ["version not known: that needs an API token"];
  if (token.kind === "unknown") return ["version not known: the admin API did not tell"];
  const { client_secret_version: version } = token.token;
  const first = version === undefined ? "version not known: this API does not tell" : `version ${version}`;
  return [first, ...oldSecret(token.token, nowMs)];
}

function oldSecret(
  { client_secrets: secrets, previous_client_secret_expires_at: end }: ApiServiceToken,
  nowMs: number,
) {
  const previous = secrets?.[1];
  const endMs = Date.parse(previous?.expires_at ?? end ?? "");
  if (!(endMs > nowMs)) return [];
  const seen = previous?.last_seen_at;
  const use = seen == null ? "" : `, last used ${relativeTime(Date.parse(seen), nowMs)}`;
  return [`the one before ends ${relativeTime(endMs, nowMs)}${use}`];
}

function lastExchange(origin: OriginStats | undefined, nowMs: number): string[] {
  if (origin?.exchangedAtMs == null) return ["none yet"];
  const first = relativeTime(origin.exchangedAtMs, nowMs);
  if (origin.mode === "pair") return [first, "the gateway wants the pair each time"];
  return origin.expiresAtMs === null
    ? [first, "no JWT at hand"]
    : [first, `its JWT ends ${relativeTime(origin.expiresAtMs, nowMs)}`];
}

function hitRate({ hits, exchanges, exchangeFailures }: AccessStats): string[] {
  if (hits + exchanges === 0) return ["no request yet"];
  const failures = exchangeFailures === 0 ? "" : `, ${counted(exchangeFailures, "failure")}`;
  return [
    formatShare(hits / (hits + exchanges)),
    `${counted(hits, "hit")}, ${counted(exchanges, "exchange")}${failures}`,
  ];
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function gatewayLines(gateway: Health): string[] {
  if (gateway.kind === "up") return ["✓ lets me in", `answered in ${milliseconds(gateway.elapsedMs)}`];
  if (gateway.kind === "unreachable") return ["✗ cannot get through", escapeMarkup(gateway.problem)];
  return ["✗ does not let me in", ...(gateway.kind === "down" ? [escapeMarkup(gateway.problem)] : [])];
}

function dataLines(data: DataHealth, nowMs: number): string[] {
  if (data.kind === "not_asked") return ["not known while nothing gets through the gateway"];
  if (data.kind !== "up") return ["✗ cannot be had", escapeMarkup(data.problem)];
  const { newestEventAt: newest } = data;
  const age = newest === null ? "✓ no event yet" : `✓ newest event ${relativeTime(Date.parse(newest), nowMs)}`;
  return [age, `answered in ${milliseconds(data.elapsedMs)}`];
}

function milliseconds(elapsedMs: number): string {
  return `${Math.max(1, Math.round(elapsedMs)).toLocaleString("en")} ms`;
}

/** In the reader's time zone where Slack draws it. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function absolute(atMs: number): string {
  const fallback = `${describeInstant(new Date(atMs).toISOString(), "UTC")} UTC`;
  return `<!date^${Math.floor(atMs / 1_000)}^{date_short}, {time}|${fallback}>`;
}

/** Enough to tell two apart: `3f2a91…c04b.access`. */
export function shortClientId(clientId: string): string {
  const [name = "", ...rest] = clientId.split(".");
  return name.length <= 12 ? clientId : [`${name.slice(0, 6)}…${name.slice(-4)}`, ...rest].join(".");
}
