import type { Subject } from "../request/authorize.ts";

/** What `/cdn-cgi/access/get-identity` tells about the caller, with Access's field names. */
export function describeIdentity(subject: Subject, ip: string, iat: number): Readonly<Record<string, unknown>> {
  const isBot = subject.kind === "service_token";
  return {
    ...(isBot ? {} : { name: subject.name, email: subject.email, idp: { id: "oidc", type: "oidc" } }),
    user_uuid: isBot ? "" : subject.id,
    common_name: isBot ? subject.clientId : "",
    service_token_id: isBot ? subject.clientId : "",
    service_token_status: isBot,
    auth_status: "NONE",
    iat,
    ip,
    is_warp: false,
    is_gateway: false,
  };
}
