import type { VNode } from "preact";
import type { ServiceToken } from "../api/service-tokens.ts";
import { html } from "../html.ts";
import { useNow } from "../kit/clock.ts";
import { Badge } from "../kit/states.ts";
import { absoluteTime, relativeTime } from "../kit/times.ts";
import { liveOldSecret, tokenState } from "./token-state.ts";

/** Whether a token works, and what will end that soon. */
export function StateBadge({ token }: { token: ServiceToken }): VNode {
  const now = useNow();
  const state = tokenState(token, now);
  const endsMs = Date.parse(token.expires_at ?? "");
  if (state === "disabled") return html`<${Badge} tone="quiet">Disabled<//>`;
  if (state === "expired") return html`<${Badge} tone="bad">Expired<//>`;
  if (state === "expiring") {
    return html`<span title=${absoluteTime(endsMs)}><${Badge} tone="warn">Expires ${relativeTime(endsMs, now)}<//></span>`;
  }
  return html`<${Badge} tone="good">Enabled<//>`;
}

/** Marks a rotation that is under way. */
export function OverlapBadge({ token }: { token: ServiceToken }): VNode | null {
  const now = useNow();
  const old = liveOldSecret(token, now);
  if (old?.expires_at == null) return null;
  const words = `Old secret until ${relativeTime(Date.parse(old.expires_at), now).replace(/^in /, "")} from now`;
  return html`<span title=${words}><${Badge} tone="accent">Rotating<//></span>`;
}
