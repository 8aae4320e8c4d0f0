import type { Logger } from "@gatehouse/service";
import type { AuditLog } from "../audit/audit-log.ts";
import { BY_SYSTEM } from "../audit/event.ts";
import type { OpenConfiguration } from "./open-configuration.ts";

export interface PolicyFileAuditDeps {
  readonly audit: Pick<AuditLog, "record" | "query">;
  readonly configuration: Pick<OpenConfiguration, "fileVersion" | "readOnly" | "onChange">;
  readonly logger: Logger;
}

const EVENT = "policy_file.changed";

/**
 * Notes in the audit log when other policies come from the file than those that the newest line about it tells of: now, for it
 * may have changed while no gateway ran, and whenever it is read again. Who changed it is for the file's own history to say.
 */
export function auditPolicyFile(file: string, { audit, configuration, logger }: PolicyFileAuditDeps): void {
  let knownVersion: unknown;
  const note = async () => {
    const version = configuration.fileVersion();
    if (version === knownVersion) return;
    knownVersion = version;
    const [newest] = (await audit.query({ events: [EVENT] }, { limit: 1 })).lines;
    if (newest?.detail["version"] === version) return;
    const applications = [...configuration.readOnly().applications.values()].map(
      ({ id, document }) => document?.name ?? id,
    );
    const detail = { file, version, applications };
    audit.record({ ...BY_SYSTEM, kind: "change", event: EVENT, isAllowed: true, reason: "", detail });
  };
  const noteInBackground = () => {
    note().catch((error: unknown) => logger.warn({ err: error }, "a change of the policy file was not audited"));
  };
  configuration.onChange(noteInBackground);
  noteInBackground();
}
