import type { ServiceToken, ServiceTokenWithSecret } from "../tokens/service-token.ts";

/** The only time that the secret is shown: with the two lines to copy. */
export function formatCreated(token: ServiceTokenWithSecret): string {
  return `Service token "${token.name}" (id ${token.id}), good until ${day(token.expiresAt)}.
The secret is shown this once. Put both lines where the bot reads its environment:

CLOUDFLARE_ACCESS_CLIENT_ID=${token.clientId}
CLOUDFLARE_ACCESS_CLIENT_SECRET=${token.clientSecret}
`;
}

export function formatOne(token: ServiceToken, action: "enable" | "disable" | "delete"): string {
  return `Service token "${token.name}" (${token.clientId}) is ${action}d.\n`;
}

const HEADINGS = ["NAME", "ID", "CLIENT ID", "STATE", "EXPIRES", "LAST SEEN"];

/** A table with a row per token. */
export function formatList(tokens: readonly ServiceToken[], nowMs: number): string {
  if (tokens.length === 0) return "There are no service tokens. Make one: npm run gateway -- tokens create NAME\n";
  const rows = tokens.map((token) => [
    token.name,
    token.id,
    token.clientId,
    stateOf(token, nowMs),
    day(token.expiresAt),
    token.lastSeenAt?.replace("T", " ").slice(0, 16) ?? "never",
  ]);
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function stateOf({ isEnabled, expiresAt }: ServiceToken, nowMs: number): string {
  if (!isEnabled) return "disabled";
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? "expired" : "enabled";
}

function day(instant: string | null): string {
  return instant === null ? "forever" : instant.slice(0, 10);
}
