import type { AuditLog } from "../audit/audit-log.ts";
import type { Actor, AuditEvent } from "../audit/event.ts";
import type { Application } from "../policies/model.ts";

interface Whence {
  readonly ip: string;
  readonly rayId: string;
}

/** Writes logins and logouts into the audit log. */
export interface LoginRecorder {
  allowed(email: string, application: Application | undefined, providerName: string, whence: Whence): void;
  /** Vouched for, but no policy lets them in. */
  refused(email: string, reason: string, application: Application | undefined, whence: Whence): void;
  failed(reason: string, application: Application | undefined, whence: Whence): void;
  loggedOut(email: string, whence: Whence): void;
}

export function createLoginRecorder(audit: Pick<AuditLog, "record">): LoginRecorder {
  const record = (
    event: Pick<AuditEvent, "event" | "actor" | "isAllowed" | "reason" | "detail">,
    application: Application | undefined,
    { ip, rayId }: Whence,
  ) => {
    const about = application && { application: { id: application.id, name: application.name } };
    audit.record({ kind: "access", ...event, ...about, ip, rayId });
  };
  const person = (email: string): Actor => ({ kind: "person", email });
  return {
    allowed(email, application, providerName, whence) {
      const detail = { identity_provider: providerName };
      record(
        { event: "login.allowed", actor: person(email), isAllowed: true, reason: "", detail },
        application,
        whence,
      );
    },
    refused(email, reason, application, whence) {
      record({ event: "login.refused", actor: person(email), isAllowed: false, reason }, application, whence);
    },
    failed(reason, application, whence) {
      record({ event: "login.failed", actor: { kind: "unknown" }, isAllowed: false, reason }, application, whence);
    },
    loggedOut(email, whence) {
      record({ event: "logout", actor: person(email), isAllowed: true, reason: "" }, undefined, whence);
    },
  };
}
