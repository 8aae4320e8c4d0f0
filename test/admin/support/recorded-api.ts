import { randomUUID } from "node:crypto";
import nock from "nock";

interface RecordedToken {
  readonly id: string;
  readonly client_id: string;
  name: string;
  duration: string;
  enabled: boolean;
  expires_at: string;
  created_at: string;
  updated_at: string;
  last_seen_at: string | null;
  client_secret_version: number;
}

const BASE = "https://api.cloudflare.com";
const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const ACCESS = `/client/v4/accounts/${ACCOUNT}/access`;
const PREFIX = `${ACCESS}/service_tokens`;

/** Cloudflare's API as its reference describes it: fields, statuses, envelope; no field of our own. */
export function recordApi() {
  const tokens: RecordedToken[] = [];
  const agent = nock(BASE).matchHeader("authorization", "Bearer cf-api-token").persist();
  const byId = (uri: string) => tokens.find(({ id }) => uri.includes(id));
  const ok = (result: unknown, status = 200) => [status, { success: true, errors: [], messages: [], result }] as const;
  const missing = () => {
    const errors = [{ code: 12083, message: "access.api.error.service_token_not_found" }];
    return [404, { success: false, errors, messages: [], result: null }] as const;
  };
  const invalid = (why: string) => {
    const errors = [{ code: 12130, message: `access.api.error.invalid_request: ${why}` }];
    return [400, { success: false, errors, messages: [], result: null }] as const;
  };
  const withSecret = (token: RecordedToken) => ({ ...token, client_secret: secretOf(token) });
  agent
    .get(PREFIX)
    .query(true)
    .reply(async (request: Request) => {
      const query = new URL(request.url).searchParams;
      const [page, perPage] = [Number(query.get("page")), Number(query.get("per_page"))];
      return answer(ok(tokens.slice((page - 1) * perPage, page * perPage)));
    });
  agent.post(PREFIX).reply(async (request: Request) => {
    const { name, duration = "8760h" } = (await request.json()) as { name: string; duration?: string };
    if (name === "") return answer(invalid("name is required"));
    const token = newToken(name, duration);
    tokens.push(token);
    return answer(ok(withSecret(token), 201));
  });
  agent.get(/service_tokens\/[^/]+$/).reply(async (request: Request) => {
    const token = byId(request.url);
    return answer(token === undefined ? missing() : ok(token));
  });
  agent.put(/service_tokens\/[^/]+$/).reply(async (request: Request) => {
    const token = byId(request.url);
    if (token === undefined) return answer(missing());
    const { name, enabled, duration } = (await request.json()) as Partial<RecordedToken>;
    Object.assign(token, {
      ...(name && { name }),
      ...(duration && { duration }),
      ...(enabled !== undefined && { enabled }),
    });
    return answer(ok(token));
  });
  agent.post(/service_tokens\/[^/]+\/rotate$/).reply(async (request: Request) => {
    const token = byId(request.url);
    if (token === undefined) return answer(missing());
    const { previous_client_secret_expires_at: end, ...unknown } = (await request.json()) as Record<string, unknown>;
    const isInstant = typeof end === "string" && Number.isFinite(Date.parse(end));
    if (!isInstant || Object.keys(unknown).length > 0) return answer(invalid("the rotation has another field"));
    token.client_secret_version += 1;
    return answer(ok(withSecret(token)));
  });
  agent.post(/service_tokens\/[^/]+\/refresh$/).reply(async (request: Request) => {
    const token = byId(request.url);
    if (token === undefined) return answer(missing());
    token.expires_at = "2028-11-23T00:00:00Z";
    return answer(ok(token));
  });
  agent.delete(/service_tokens\/[^/]+$/).reply(async (request: Request) => {
    const token = byId(request.url);
    if (token === undefined) return answer(missing());
    tokens.splice(tokens.indexOf(token), 1);
    return answer(ok(token));
  });
  agent.post(`${ACCESS}/keys/rotate`).reply(async () => answer(ok(KEYS)));
  agent
    .get(`${ACCESS}/logs/access_requests`)
    .query(true)
    .reply(async (request: Request) => {
      const { searchParams: query } = new URL(request.url);
      return answer(ok(Number(query.get("page") ?? 1) === 1 ? [LOGIN] : []));
    });
  return {
    env: { CLOUDFLARE_API_TOKEN: "cf-api-token", CLOUDFLARE_ACCOUNT_ID: ACCOUNT },
    close: () => nock.cleanAll(),
  };
}

const KEYS = {
  days_until_next_rotation: 42,
  key_rotation_interval_days: 42,
  last_key_rotation_at: "2026-11-23T00:00:00Z",
};
const LOGIN = {
  user_email: "ada@acme.example",
  ip_address: "192.0.2.7",
  app_uid: "df7e2w5f-02b7-4d9d-af26-8d1988fca630",
  app_domain: "stats.acme.example",
  action: "login",
  connection: "saml",
  allowed: true,
  created_at: "2026-11-23T09:30:00Z",
  ray_id: "187d944c61940c77",
};

/** The versions' secrets, so that a test can tell them apart. */
function secretOf({ client_id: id, client_secret_version: version }: RecordedToken): string {
  return `cfast_${id.slice(0, 8)}-version-${version}`;
}

function newToken(name: string, duration: string): RecordedToken {
  const id = randomUUID();
  return {
    id,
    client_id: `${id.replaceAll("-", "")}.access`,
    name,
    duration,
    enabled: true,
    expires_at: "2027-11-23T00:00:00Z",
    created_at: "2026-11-23T00:00:00Z",
    updated_at: "2026-11-23T00:00:00Z",
    last_seen_at: null,
    client_secret_version: 1,
  };
}

function answer([status, body]: readonly [number, unknown]): nock.ReplyFnResult {
  return [status, JSON.stringify(body), { "content-type": "application/json" }];
}
