/**
 * Every event of the audit log and what it means. A closed list: whoever writes a new kind of line adds it here, and a test
 * holds docs/operations.md against it.
 */
export const AUDIT_EVENTS = {
  // Decisions about requests and logins.
  "request.refused": "A request was not let in; the reason says why.",
  "request.rate_limited": "A credential was refused, as were too many before it from the address or for the client id.",
  "connection.cut": "An open WebSocket or stream was closed, because what had let it in no longer holds.",
  "service_token.old_secret_used": "A rotated-out secret was used, or a previous one after its successor was seen.",
  "service_token.exchanged": "A service token was given a JWT.",
  "login.allowed": "A person logged in.",
  "login.refused": "A person was vouched for, but no policy lets them in.",
  "login.failed": "A login broke off: the identity provider failed, or the attempt was not one of ours.",
  logout: "A person logged out.",
  "api.refused": "A call of the admin API was not let in.",
  // Changes.
  "service_token.created": "A service token was created.",
  "service_token.updated": "A service token was changed.",
  "service_token.rotated": "A service token has a new secret.",
  "service_token.refreshed": "A service token lives for another term.",
  "service_token.enabled": "A service token was enabled.",
  "service_token.disabled": "A service token was disabled: its secrets and JWTs stopped.",
  "service_token.deleted": "A service token was deleted.",
  "application.created": "An application was created.",
  "application.updated": "An application was changed.",
  "application.deleted": "An application was deleted.",
  "application.revoked": "All JWTs and sessions of an application ended.",
  "policy.created": "A policy was created.",
  "policy.updated": "A policy was changed.",
  "policy.deleted": "A policy was deleted.",
  "policy_file.changed":
    "Other policies than before came from the policy file: `version` and `applications` tell which.",
  "group.created": "A group was created.",
  "group.updated": "A group was changed.",
  "group.deleted": "A group was deleted.",
  "identity_provider.created": "An identity provider was created.",
  "identity_provider.updated": "An identity provider was changed.",
  "identity_provider.deleted": "An identity provider was deleted.",
  "organization.updated": "The organization's settings were changed.",
  "signing_key.rotated": "A new key signs; the one before is still published until its overlap ends.",
  "signing_key.settings_updated": "How often the signing key changes was set.",
  "user.revoked": "All sessions of a person ended.",
  "session.revoked": "One session of a person ended.",
  "api_token.created": "An API token was created.",
  "api_token.deleted": "An API token was deleted.",
  // The log about itself.
  "audit.lines_dropped": "The store was gone for so long that lines were lost: `count` of them.",
} as const satisfies Readonly<Record<string, string>>;

/** What happened, `THING.HAPPENED`. */
export type AuditEventName = keyof typeof AUDIT_EVENTS;
