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
        const domains = new Map(applications().map(({ id, domain }) => [id, domain]));
        const result: object[] = [];
        if (filter === undefined) return { result };
        for await (const lines of audit.scan(filter, { ...scan, signal })) {
          for (const line of lines) {
            result.push(Object.fromEntries(fields.map((field) => [field, FIELDS[field](line, domains)])));
          }
        }
        return { result };
      },
    },
  ];
}

type Reader = (line: AuditLine, domains: ReadonlyMap<string, string>) => string | number | boolean;

/** Cloudflare's fields; the last five are ours. */
const FIELDS = {
  user_email: ({ actor }) => (actor.kind === "person" ? actor.name : ""),
  ip_address: ({ ip }) => ip,
  app_uid: ({ application }) => application?.id ?? "",
  app_domain: ({ application, detail }, domains) => domains.get(application?.id ?? "") ?? textIn(detail, "host"),
  action: ({ event }) => (event === "logout" ? "logout" : "login"),
  connection: (line) => (isOfBot(line) ? "service_token" : textIn(line.detail, "identity_provider")),
  allowed: ({ allowed }) => allowed,
  created_at: ({ at }) => at,
  ray_id: ({ ray_id }) => ray_id,
  country: ({ detail }) => textIn(detail, "country"),
  non_identity: (line) => isOfBot(line),
  service_token_client_id: (line) => (isOfBot(line) ? line.actor.name : ""),
  reason: ({ reason }) => reason,
  // Of a flood, one entry stands for many.
  count: ({ detail }) => (typeof detail["count"] === "number" ? detail["count"] : 1),
} satisfies Readonly<Record<string, Reader>>;

type Field = keyof typeof FIELDS;

function fieldsOf(text: string | undefined): readonly Field[] {
  const names = Object.keys(FIELDS) as readonly Field[];
  if (text === undefined) return names;
  return text.split(",").map((name) => {
    const field = names.find((one) => one === name.trim());
    if (field !== undefined) return field;
    throw wrongQuery(`there is no field ${JSON.stringify(name.slice(0, 40))}; there are ${names.join(", ")}.`);
  });
}

function isOfBot({ actor }: AuditLine): boolean {
  return actor.kind === "service_token";
}

function textIn(detail: AuditLine["detail"], name: string): string {
  const value = detail[name];
  return typeof value === "string" ? value : "";
}
