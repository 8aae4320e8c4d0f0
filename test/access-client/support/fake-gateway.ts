import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What reached the gateway, in order. */
interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the app behind the gateway was reached. */
  isAdmitted: boolean;
}

export interface FakeGatewayState {
  clientId: string;
  clientSecret: string;
  /** `no-reuse`: gives a JWT and then takes only the pair, as the vendor does for apps with Service Auth policies alone. */
  mode: "exchange" | "strict" | "no-reuse";
  /** The one header that takes the pair as JSON, in place of the two. */
  tokenHeader: string | undefined;
  /** How a refusal looks: our JSON, the vendor's redirect to its login, or the vendor's bare page. */
  refusals: "json" | "login" | "bare";
  tokenLifeSeconds: number;
  /** The gateway's clock, milliseconds since 1970. */
  now: () => number;
  sendsDate: boolean;
  /** Answers the exchange with this status, cuts the connection, or does what it likes, instead of exchanging. */
  exchangeFailure: number | "cut" | ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** What a JWT claims in place of the usual. */
  changeClaims: (claims: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Holds exchanges until resolved. */
  exchangeGate: Promise<unknown> | undefined;
  /** Audience tag that no policy admits this token to, when true. */
  isForbidden: boolean;
  /** The app behind the gateway. */
  app: (request: IncomingMessage, response: ServerResponse, body: string) => void;
}

/** A gateway on a real socket that speaks the client's side of the protocol and counts exchanges. */
export interface FakeGateway extends FakeGatewayState {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Requests that carried the pair. */
  exchanges: number;
  /** JWTs handed out, newest last. */
  readonly tokens: string[];
  revokeAll(): void;
  close(): Promise<void>;
}

export const AUDIENCE = "f".repeat(64);
export const PAIR = { clientId: `${"1".repeat(32)}.access`, clientSecret: `cfast_${"S3cr3t".repeat(7)}` };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export async function startFakeGateway(changes: Partial<FakeGatewayState> = {}): Promise<FakeGateway> {
  const revoked = new Set<string>();
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const seen = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, isAdmitted: false };
    const body = (await request.toArray().catch(() => [])).join("");
    gateway.seen.push(Object.assign(seen, { body }));
    response.sendDate = false;
    if (gateway.sendsDate) response.setHeader("date", new Date(gateway.now()).toUTCString());
    response.setHeader("cf-ray", "8f00ba4");
    if (!(await admit(gateway, revoked, request, response))) return;
    seen.isAdmitted = true;
    gateway.app(request, response, body);
  });
  server.on("upgrade", ({ method = "", url = "", headers }: IncomingMessage, socket) => {
    gateway.seen.push({ method, url, headers, body: "", isAdmitted: true });
    socket.on("end", () => socket.destroy()).resume();
    socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const gateway: FakeGateway = {
    ...PAIR,
    mode: "exchange",
    tokenHeader: undefined,
    refusals: "json",
    tokenLifeSeconds: 900,
    now: Date.now,
    sendsDate: true,
    exchangeFailure: undefined,
    changeClaims: (claims) => claims,
    exchangeGate: undefined,
    isForbidden: false,
    app: (request, response, body) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method: request.method, url: request.url, body }));
    },
    ...changes,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    exchanges: 0,
    tokens: [],
    revokeAll() {
      for (const token of gateway.tokens) revoked.add(token);
    },
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
  return gateway;
}

/** Lets a request through, or answers it. */
async function admit(
  gateway: FakeGateway,
  revoked: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { "cf-access-token": token } = request.headers;
  const { id, secret } = pairOf(gateway, request);
  if (secret !== undefined) {
    gateway.exchanges += 1;
    await gateway.exchangeGate;
    if (gateway.exchangeFailure !== undefined) return fail(gateway.exchangeFailure, request, response);
    const isRight = id === gateway.clientId && secret === gateway.clientSecret;
    if (!isRight) return refuse(gateway, response, 401, "service_token_secret_mismatch");
    if (gateway.mode !== "strict") giveToken(gateway, response);
  } else {
    const reason = tokenProblem(gateway, revoked, token);
    if (reason !== undefined) return refuse(gateway, response, 401, reason);
  }
  return gateway.isForbidden ? refuse(gateway, response, 403, "no_policy_matched") : true;
}

function pairOf({ tokenHeader }: FakeGateway, { headers }: IncomingMessage) {
  const one = tokenHeader === undefined ? undefined : headers[tokenHeader];
  const pair = tokenHeader === undefined ? headers : (JSON.parse(String(one ?? "{}")) as IncomingHttpHeaders);
  return { id: pair["cf-access-client-id"], secret: pair["cf-access-client-secret"] };
}

function fail(
  how: NonNullable<FakeGatewayState["exchangeFailure"]>,
  request: IncomingMessage,
  response: ServerResponse,
): false {
  if (typeof how === "function") how(request, response);
  else if (how === "cut") request.socket.destroy();
  else response.writeHead(how).end();
  return false;
}

function giveToken(gateway: FakeGateway, response: ServerResponse): void {
  const iat = Math.floor(gateway.now() / 1_000);
  const claims = { type: "app", aud: [AUDIENCE], sub: "", common_name: gateway.clientId, iat };
  const payload = encode(gateway.changeClaims({ ...claims, exp: iat + gateway.tokenLifeSeconds }));
  const jwt = `${encode({ alg: "RS256", kid: "k" })}.${payload}.c2lnbmF0dXJl${gateway.tokens.length}`;
  gateway.tokens.push(jwt);
  const life = new Date(gateway.now() + gateway.tokenLifeSeconds * 1_000).toUTCString();
  response.setHeader("set-cookie", [`CF_Authorization=${jwt}; Path=/; Secure; HttpOnly; Expires=${life}`]);
  response.setHeader("cf-access-token-expires-at", "2027-11-23T00:00:00Z");
}

function tokenProblem(gateway: FakeGateway, revoked: ReadonlySet<string>, token: unknown): string | undefined {
  if (token === undefined) return "no_credential";
  if (typeof token !== "string" || !gateway.tokens.includes(token) || gateway.mode === "no-reuse")
    return "token_malformed";
  if (revoked.has(token)) return "token_revoked";
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return gateway.now() >= exp * 1_000 ? "token_expired" : undefined;
}

function refuse({ refusals, origin }: FakeGateway, response: ServerResponse, status: number, reason: string): false {
  response.setHeader("cf-access-aud", AUDIENCE);
  response.setHeader("cf-access-domain", new URL(origin).host);
  if (refusals === "json") {
    const body = { error: "refused", reason, message: "No.", status_code: status, aud: AUDIENCE, ray_id: "8f00ba4" };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  } else if (refusals === "bare") {
    response.writeHead(403, { "content-type": "text/html" }).end("<html>Forbidden</html>");
  } else {
    const meta = `${encode({ alg: "RS256" })}.${encode({ type: "meta", service_token_status: status === 403 })}.x`;
    const location = `https://team.cloudflareaccess.com/cdn-cgi/access/login/app?kid=${AUDIENCE}&meta=${meta}`;
    response.writeHead(302, { location, "content-type": "text/html" }).end("<html>Log in</html>");
  }
  return false;
}
