import type { AuditLine } from "../audit/audit-line.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { describePerson } from "../login/identity.ts";
import { findPeople, findPerson, forgetPerson, type PersonFound, sessionsOf } from "../login/people.ts";
import type { Session, Sessions } from "../login/sessions.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Revocations } from "../revocations/revocations.ts";
import type { PersonRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";
import { pageAnswer, readPaging } from "./paging.ts";
import type { ApiCall, ApiRoute } from "./route.ts";

export interface UserRoutesDeps {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly revocations: Revocations;
  readonly configuration: ConfigurationSource;
  readonly audit: Pick<AuditLog, "query">;
  readonly now: () => number;
}

const ALL = "/access/users";
const ONE = `${ALL}/:user_id`;
const SESSIONS = `${ONE}/active_sessions`;
const FAILED_LOGINS = ["login.refused", "login.failed"];
const MAX_FAILED_LOGINS = 100;

/** People who logged in, and their sessions. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/users/ */
export function userRoutes(deps: UserRoutesDeps): readonly ApiRoute[] {
  return [...peopleRoutes(deps), ...sessionRoutes(deps), ...historyRoutes(deps)];
}

function peopleRoutes({ store, revocations, now }: UserRoutesDeps): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: ALL,
      scope: "users:read",
      isAccountOnly: true,
      async handle({ query }) {
        const paging = readPaging(query);
        const text = query.get("search") ?? query.get("email") ?? query.get("name") ?? "";
        const page = { text, offset: (paging.page - 1) * paging.perPage, limit: paging.perPage };
        const { people, total } = await findPeople(store, page, now());
        return pageAnswer(people.map(present), total, paging);
      },
    },
    {
      method: "GET",
      path: ONE,
      scope: "users:read",
      isAccountOnly: true,
      async handle(call) {
        const person = await personOf(call, store);
        const sessions = await sessionsOf(store, person.id, now());
        return { result: present({ ...person, session_count: sessions.length }) };
      },
    },
    {
      method: "DELETE",
      path: ONE,
      scope: "users:write",
      isAccountOnly: true,
      async handle(call) {
        const person = await personOf(call, store);
        await revocations.revokePerson(person.email, call.by);
        await forgetPerson(store, person.id);
        return { result: null };
      },
    },
  ];
}

function sessionRoutes({ store, sessions, configuration, now }: UserRoutesDeps): readonly ApiRoute[] {
  const common = { isAccountOnly: true, scope: "users:read" } as const;
  return [
    {
      ...common,
      method: "GET",
      path: SESSIONS,
      async handle(call) {
        const { id } = await personOf(call, store);
        const list = await sessionsOf(store, id, now());
        return { result: list.map((session) => presentSession(session, now())) };
      },
    },
    {
      ...common,
      method: "GET",
      path: `${SESSIONS}/:nonce`,
      async handle(call) {
        const session = await sessionOf(call, store, now());
        const { identityProviders } = configuration.current();
        return { result: { ...describePerson(session, null, identityProviders), isActive: true } };
      },
    },
    {
      // Ours: one browser of somebody who has several.
      ...common,
      method: "DELETE",
      path: `${SESSIONS}/:nonce`,
      scope: "users:write",
      async handle(call) {
        const session = await sessionOf(call, store, now());
        await sessions.revoke(session.id, call.by);
        return { result: { nonce: session.id } };
      },
    },
  ];
}

function historyRoutes({ store, configuration, audit, now }: UserRoutesDeps): readonly ApiRoute[] {
  const common = { method: "GET", isAccountOnly: true, scope: "users:read" } as const;
  return [
    {
      ...common,
      path: `${ONE}/last_seen_identity`,
      async handle(call) {
        const person = await personOf(call, store);
        const [latest] = await sessionsOf(store, person.id, now());
        const { identityProviders } = configuration.current();
        return { result: describePerson(latest ?? loginOf(person), null, identityProviders) };
      },
    },
    {
      ...common,
      path: `${ONE}/failed_logins`,
      async handle(call) {
        const { email } = await personOf(call, store);
        const filter = { events: FAILED_LOGINS, email: { text: email, match: "equals" } } as const;
        const { lines } = await audit.query(filter, { limit: MAX_FAILED_LOGINS });
        return { result: lines.map(presentFailure) };
      },
    },
  ];
}

async function personOf({ params }: ApiCall, store: Store): Promise<PersonRow> {
  const person = await findPerson(store, params["user_id"] ?? "");
  if (person !== undefined) return person;
  throw new ApiError(404, API_CODES.invalidRequest, "access.api.error.user_not_found: nobody with this id logged in.");
}

async function sessionOf(call: ApiCall, store: Store, nowMs: number): Promise<Session> {
  const { id } = await personOf(call, store);
  const session = (await sessionsOf(store, id, nowMs)).find((one) => one.id === call.params["nonce"]);
  if (session !== undefined) return session;
  throw new ApiError(404, API_CODES.invalidRequest, "access.api.error.session_not_found: it has ended, or never was.");
}

/** With Access's field names; `active_session_count` and `identity_provider_id` are ours. */
function present(person: PersonFound) {
  return {
    id: person.id,
    uid: person.id,
    email: person.email,
    name: person.name,
    access_seat: true,
    gateway_seat: false,
    active_device_count: 0,
    seat_uid: person.id,
    created_at: person.created_at,
    updated_at: person.last_login_at,
    last_successful_login: person.last_login_at,
    active_session_count: person.session_count,
    identity_provider_id: person.identity_provider_id,
  };
}

/** Times in seconds, as Access's; `ip`, `user_agent` and `identity_provider_id` are ours. */
function presentSession(session: Session, nowMs: number) {
  const expires = Math.floor(session.expiresAtMs / 1000);
  const iat = Math.floor(session.createdAtMs / 1000);
  return {
    name: session.id,
    expiration: expires,
    metadata: { apps: {}, expires, iat, nonce: session.id, ttl: expires - Math.floor(nowMs / 1000) },
    ip: session.ip,
    user_agent: session.userAgent,
    identity_provider_id: session.identityProviderId,
  };
}

function loginOf(person: PersonRow) {
  const { id: personId, email, name, identity_provider_id: identityProviderId, ip } = person;
  return { personId, email, name, identityProviderId, ip, createdAtMs: Date.parse(person.last_login_at), claims: {} };
}

function presentFailure({ at, event, reason, application, ip, ray_id }: AuditLine) {
  return {
    expiration: Math.floor(Date.parse(at) / 1000),
    metadata: { event, reason, app_name: application?.name ?? "", app_uid: application?.id ?? "", ip, ray_id, at },
  };
}
