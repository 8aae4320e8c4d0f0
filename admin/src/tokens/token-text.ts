import type { ApiClientSecret, ApiServiceToken } from "../api/service-token.ts";
import { type Paint, plain } from "../output/paint.ts";
import { relativeTime } from "../output/relative-time.ts";
import { formatTable } from "../output/table.ts";

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

export interface TextDeps {
  readonly nowMs: number;
  readonly columns?: number | undefined;
  readonly paint: Paint;
}

/** All tokens, a line each. */
export function formatTokens(tokens: readonly ApiServiceToken[], deps: TextDeps): string {
  if (tokens.length === 0) return "There are no service tokens. Make one: tokens create NAME --write file:PATH\n";
  const rows = tokens.map((token) => [
    plain(token.name),
    stateOf(token, deps),
    when(token.expires_at, "never", deps),
    when(token.last_seen_at, "never", deps),
    oldSecretOf(token, deps),
    token.id,
  ]);
  return formatTable(["NAME", "STATE", "EXPIRES", "LAST USED", "OLD SECRET", "ID"], rows, deps.columns);
}

/** One token, a field per line. */
export function formatToken(token: ApiServiceToken, deps: TextDeps): string {
  const fields: (readonly [string, string])[] = [
    ["Name", plain(token.name)],
    ["State", stateOf(token, deps)],
    ["Id", token.id],
    ["Client id", token.client_id],
    ["Duration", token.duration ?? "unknown"],
    ["Expires", absolute(token.expires_at, "never", deps)],
    ["Last used", absolute(token.last_seen_at, "never", deps)],
    ...(token.client_secrets ?? []).map((secret) => [`Secret v${secret.version}`, secretText(secret, deps)] as const),
  ];
  return `${fields.map(([name, value]) => `${`${name}:`.padEnd(12)} ${value}`).join("\n")}\n`;
}

function stateOf({ enabled, expires_at: end }: ApiServiceToken, { nowMs, paint }: TextDeps): string {
  if (enabled === false) return paint("yellow", "disabled");
  const leftMs = end == null ? Number.POSITIVE_INFINITY : Date.parse(end) - nowMs;
  if (leftMs <= 0) return paint("red", "expired");
  return leftMs < SOON_DAYS * DAY_MS ? paint("yellow", "ends soon") : paint("green", "good");
}

function oldSecretOf(
  { client_secrets: secrets, previous_client_secret_expires_at: end }: ApiServiceToken,
  deps: TextDeps,
) {
  const previous = secrets?.[1];
  const endsAt = previous?.expires_at ?? end;
  if (endsAt == null || Date.parse(endsAt) <= deps.nowMs) return "-";
  const used = previous === undefined ? "" : `, used ${when(previous.last_seen_at, "never", deps)}`;
  return deps.paint("yellow", `works until ${when(endsAt, "", deps)}${used}`);
}

function secretText({ expires_at: end, last_seen_at: seen }: ApiClientSecret, deps: TextDeps): string {
  const life = end === null ? "current" : `ends ${absolute(end, "", deps)}`;
  return `${life}, last used ${absolute(seen, "never", deps)}`;
}

function when(instant: string | null | undefined, absent: string, { nowMs }: TextDeps): string {
  return instant == null ? absent : relativeTime(Date.parse(instant), nowMs);
}

function absolute(instant: string | null | undefined, absent: string, deps: TextDeps): string {
  return instant == null ? absent : `${instant} (${when(instant, absent, deps)})`;
}
