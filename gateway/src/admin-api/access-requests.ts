import type { AuditLine } from "../audit/audit-line.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { readAccessRequestQuery } from "./access-request-query.ts";
import { textOf, wrongQuery } from "./query-values.ts";
import type { ApiRoute } from "./route.ts";

export interface AccessRequestsDeps {
  readonly audit: Pick<AuditLog, "scan">;
  /** Those of now: they name the domains. */
  readonly applications: () => readonly { readonly id: string; readonly domain: string }[];
}

/**
 * Who tried to get in, as Cloudflare lists it: logins of people, and what service tokens met, in one list.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/logs/
 */
export function accessRequestRoutes({ audit, applications }: AccessRequestsDeps): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/access/logs/access_requests",
      scope: "audit_logs:read",
      isAccountOnly: true,
      async handle({ query, signal }) {
        const { filter, scan } = readAccessRequestQuery(query);
        const fields = fieldsOf(textOf(query, "fields"));
        const found: AuditLine[] = [];
        if (filter !== undefined) {
          for await (const lines of audit.scan(filter, { ...scan, signal })) found.push(...lines);
        }
        const domains = new Map(applications().map(({ id, domain }) => [id, domain]));
        return { result: found.map((line) => pick(accessRequest(line, domains), fields)) };
      },
    },
  ];
}

/** Cloudflare's fields; the last four are ours. */
function accessRequest(line: AuditLine, domains: ReadonlyMap<string, string>) {
  const { actor, application, detail } = line;
  const isBot = actor.kind === "service_token";
  return {
    user_email: actor.kind === "person" ? actor.name : "",
    ip_address: line.ip,
    app_uid: application?.id ?? "",
    app_domain: domains.get(application?.id ?? "") ?? textIn(detail, "host"),
    action: line.event === "logout" ? "logout" : "login",
    connection: isBot ? "service_token" : textIn(detail, "identity_provider"),
    allowed: line.allowed,
    created_at: line.at,
    ray_id: line.ray_id,
    non_identity: isBot,
    service_token_client_id: isBot ? actor.name : "",
    reason: line.reason,
    // Of a flood, one entry stands for many.
    count: typeof detail["count"] === "number" ? detail["count"] : 1,
  };
}

type AccessRequest = ReturnType<typeof accessRequest>;

const FIELDS = Object.keys(accessRequest(anyLine(), new Map())) as readonly (keyof AccessRequest)[];

function anyLine(): AuditLine {
  const nobody = { kind: "unknown", name: "" };
  const line = { seq: 0, at: "", kind: "access", event: "request.refused", actor: nobody, ip: "" } as const;
  return { ...line, application: null, allowed: false, reason: "", ray_id: "", detail: {} };
}

function fieldsOf(text: string | undefined): readonly (keyof AccessRequest)[] {
  if (text === undefined) return FIELDS;
  return text.split(",").map((name) => {
    const field = FIELDS.find((one) => one === name.trim());
    if (field !== undefined) return field;
    throw wrongQuery(`there is no field ${JSON.stringify(name.slice(0, 40))}; there are ${FIELDS.join(", ")}.`);
  });
}

function pick(request: AccessRequest, fields: readonly (keyof AccessRequest)[]): Partial<AccessRequest> {
  return Object.fromEntries(fields.map((field) => [field, request[field]])) as Partial<AccessRequest>;
}

function textIn(detail: AuditLine["detail"], name: string): string {
  const value = detail[name];
  return typeof value === "string" ? value : "";
}
