import type { AuditEventName } from "../../../audit/event-names.ts";

/** What happened, in a few words that fit a line. */
export const EVENT_WORDS: Readonly<Record<AuditEventName, string>> = {
  "request.refused": "Request refused",
  "request.rate_limited": "Too many failures: refused",
  "connection.cut": "Open connection closed",
  "service_token.old_secret_used": "Old secret used",
  "service_token.exchanged": "Service token exchanged for a JWT",
  "login.allowed": "Logged in",
  "login.refused": "Login refused",
  "login.failed": "Login failed",
  logout: "Logged out",
  "api.refused": "Admin API call refused",
  "service_token.created": "Service token created",
  "service_token.updated": "Service token changed",
  "service_token.rotated": "Service token rotated",
  "service_token.refreshed": "Service token extended",
  "service_token.enabled": "Service token enabled",
  "service_token.disabled": "Service token disabled",
  "service_token.deleted": "Service token deleted",
  "application.created": "Application created",
  "application.updated": "Application changed",
  "application.deleted": "Application deleted",
  "application.revoked": "All sessions of an application revoked",
  "policy.created": "Policy created",
  "policy.updated": "Policy changed",
  "policy.deleted": "Policy deleted",
  "policy_file.changed": "Policy file changed",
  "group.created": "Group created",
  "group.updated": "Group changed",
  "group.deleted": "Group deleted",
  "identity_provider.created": "Identity provider added",
  "identity_provider.updated": "Identity provider changed",
  "identity_provider.deleted": "Identity provider deleted",
  "organization.updated": "Settings changed",
  "signing_key.rotated": "Signing key rotated",
  "signing_key.settings_updated": "Key rotation interval changed",
  "user.revoked": "Person revoked",
  "session.revoked": "Session revoked",
  "api_token.created": "API token created",
  "api_token.deleted": "API token deleted",
  "audit.lines_dropped": "Lines of this log were lost",
};

export function eventWords(event: string): string {
  return Object.hasOwn(EVENT_WORDS, event) ? EVENT_WORDS[event as AuditEventName] : event;
}
