import type { ServiceToken, ServiceTokenWithSecret } from "../tokens/service-token.ts";
import { formatTable } from "./table.ts";

/** The only time that the secret is shown: with the two lines to copy. */
export function formatCreated(token: ServiceTokenWithSecret): string {
  return `Service token "${token.name}" (id ${token.id}), good until ${day(token.expiresAt)}.
The secret is shown this once. Put both lines where the bot reads its environment:

CLOUDFLARE_ACCESS_CLIENT_ID=${token.clientId}
CLOUDFLARE_ACCESS_CLIENT_SECRET=${token.clientSecret}
`;
}

type TokenAction = "refresh" | "enable" | "disable" | "delete";

const DONE: Readonly<Record<TokenAction, string>> = {
  refresh: "refreshed",
  enable: "enabled",
  disable: "disabled",
  delete: "deleted",
};

export function formatOne(token: ServiceToken, action: TokenAction): string {
  const until = action === "refresh" ? `, good until ${day(token.expiresAt)}` : "";
  return `Service token "${token.name}" (${token.clientId}) is ${DONE[action]}${until}.\n`;
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
  return formatTable([HEADINGS, ...rows]);
}

function stateOf({ isEnabled, expiresAt }: ServiceToken, nowMs: number): string {
  if (!isEnabled) return "disabled";
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? "expired" : "enabled";
}

function day(instant: string | null): string {
  return instant === null ? "forever" : instant.slice(0, 10);
}
