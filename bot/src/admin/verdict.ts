import { escapeMarkup } from "../messages/text.ts";
import type { AdminFacts } from "./facts.ts";

/** All in one sentence. */
export interface Verdict {
  readonly level: "good" | "warning" | "bad";
  /** mrkdwn. */
  readonly text: string;
}

const DAY_MS = 86_400_000;
/** As the expiry notices. */
const SOON_DAYS = 30;

/** The worst that is to be said. Pure. */
export function verdictOf(facts: AdminFacts): Verdict {
  return broken(facts) ?? endangered(facts) ?? { level: "good", text: "*All is well.*" };
}

function broken({ token, gateway, data }: AdminFacts): Verdict | undefined {
  const bad = (text: string): Verdict => ({ level: "bad", text });
  if (token.kind === "known" && token.token.enabled === false) {
    return bad(
      `*The token is disabled.* Enable it: \`npm run admin -- tokens enable ${escapeMarkup(token.token.client_id)}\`.`,
    );
  }
  if (gateway.kind === "unreachable")
    return bad("*I cannot get through the gateway right now*, so nobody gets numbers.");
  if (gateway.kind !== "up") return bad("*The gateway does not let me in*, so nobody gets numbers.");
  return data.kind === "up" ? undefined : bad("*The statistics app does not answer me*, so nobody gets numbers.");
}

function endangered({ clientId, token, access, rotation, nowMs }: AdminFacts): Verdict | undefined {
  const warning = (text: string): Verdict => ({ level: "warning", text });
  if (rotation.kind === "ready" && rotation.unfinishedSince !== undefined) {
    return warning("*A rotation was begun and not finished.* Finish it before the old secret ends.");
  }
  const [origin] = access.origins;
  const end = (token.kind === "known" ? token.token.expires_at : undefined) ?? origin?.credentialExpiresAt;
  if (end != null && Date.parse(end) - nowMs < SOON_DAYS * DAY_MS) {
    return warning(
      `*The token ends soon.* Give it another term: \`npm run admin -- tokens refresh ${escapeMarkup(clientId ?? "TOKEN")}\`.`,
    );
  }
  if (token.kind === "unknown")
    return warning(`*I work, but cannot look the token up.* ${escapeMarkup(token.problem)}`);
  const error = origin?.lastError;
  if (error == null) return undefined;
  return warning(`*I work, but the last exchange failed.* ${escapeMarkup(error.message)}`);
}
