import type { IdentityProviderModel } from "../policies/model.ts";
import type { RequestFacts, Subject } from "../request/authorize.ts";
import type { Session } from "./sessions.ts";

/** What `/cdn-cgi/access/get-identity` tells about a person, with Access's field names; also the admin API's last seen identity. */
export function describePerson(
  session: Pick<Session, "personId" | "email" | "name" | "identityProviderId" | "ip" | "createdAtMs" | "claims">,
  country: string | null,
  providers: readonly IdentityProviderModel[],
): Readonly<Record<string, unknown>> {
  const { identityProviderId: id, claims } = session;
  const { amr, groups, ...custom } = claims;
  return {
    id: session.personId,
    email: session.email,
    name: session.name,
    idp: { id, type: "oidc", name: providers.find((provider) => provider.id === id)?.name ?? "" },
    ...(country !== null && { geo: { country } }),
    amr: amr ?? [],
    groups: groups ?? [],
    ...(Object.keys(custom).length > 0 && { custom, oidc_fields: custom }),
    user_uuid: session.personId,
    common_name: "",
    service_token_id: "",
    service_token_status: false,
    ...common(session.ip, session.createdAtMs),
  };
}

export function describeBot(
  { clientId }: Extract<Subject, { kind: "service_token" }>,
  { ip, country }: RequestFacts,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  return {
    ...(country !== null && { geo: { country } }),
    user_uuid: "",
    common_name: clientId,
    service_token_id: clientId,
    service_token_status: true,
    ...common(ip, nowMs),
  };
}

/** `iat` in seconds: when a person logged in, or a bot asked. No device is known to us. */
function common(ip: string, iatMs: number) {
  return {
    auth_status: "NONE",
    iat: Math.floor(iatMs / 1000),
    ip,
    is_warp: false,
    is_gateway: false,
    devicePosture: {},
    device_sessions: {},
    account_id: "",
    version: 2,
  };
}
