import {
  createGateway,
  type Gateway,
  type GatewayConfig,
  parsePolicyFile,
  type ServiceTokenWithSecret,
} from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import Cloudflare from "cloudflare";
import { freePorts } from "../../support/free-ports.ts";
import { type RecordingOrigin, startRecordingOrigin } from "./recording-origin.ts";
import { createDatabase, defaultStore, type StoreName } from "./stores.ts";

export const AUD = "a".repeat(64);
export const OTHER_AUD = "b".repeat(64);
export const SECRET_KEY = "0123456789abcdef".repeat(4);

export interface TestGateway {
  readonly gateway: Gateway;
  readonly origin: RecordingOrigin;
  readonly port: number;
  readonly url: string;
  readonly host: string;
  readonly token: ServiceTokenWithSecret;
  /** The pair's headers. */
  readonly pair: Readonly<Record<string, string>>;
  readonly config: GatewayConfig;
  /** Every line logged so far. */
  readonly logs: string[];
  readonly clock: { nowMs: number };
  /** The official SDK, with an API token that may do everything. Only with `admin`. */
  readonly api: Cloudflare;
  /** Of the admin server, without a slash at the end. Only with `admin`. */
  readonly adminUrl: string;
  /** What `api` sends. */
  readonly apiToken: string;
  /** Closes the gateway and opens another on the same state. */
  restart(): Promise<Gateway>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  /** YAML of the application's policies, indented by 4. */
  readonly policies?: string;
  /** More fields of the application, YAML, indented by 4. */
  readonly fields?: string;
  /** More of the gateway's configuration. */
  readonly config?: Partial<GatewayConfig>;
  /** More applications, YAML list items. */
  readonly applications?: (host: string, origin: string) => string;
  readonly identityProvider?: GatewayConfig["identityProvider"];
  readonly originResponseTimeoutMs?: number;
  /** Whether the admin API is opened too. */
  readonly admin?: boolean;
  /** Instead of a free one. */
  readonly port?: number;
  /** Where its state is. Default: what the test run says (stores.ts). */
  readonly store?: StoreName;
  /** Another address of it, such as a link that can be cut. Goes before `store`. */
  readonly databaseUrl?: string;
  readonly storeGraceMs?: number;
  readonly limits?: GatewayConfig["limits"];
}

const BOTS_AND_COMPANY = `
      - name: bots
        decision: non_identity
        include: [{ any_valid_service_token: {} }]
      - name: company
        decision: allow
        include: [{ email_domain: { domain: acme.example } }]`;

/** A gateway with its own database, in front of an origin that records, and one service token. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = await createDatabase(options.store ?? defaultStore);
  const origin = await startRecordingOrigin();
  const port = options.port ?? (await freePort());
  const host = `localhost:${port}`;
  const logs: string[] = [];
  const clock = { nowMs: Date.now() };
  const logger = createLogger({ app: "gateway", level: "debug", destination: { write: (line) => logs.push(line) } });
  const config: GatewayConfig = {
    issuer: `http://${host}`,
    listen: { host: "127.0.0.1", port },
    databaseUrl: options.databaseUrl ?? database.url,
    ...(options.storeGraceMs !== undefined && { storeGraceMs: options.storeGraceMs }),
    ...(options.limits && { limits: options.limits }),
    secretKey: SECRET_KEY,
    policies: parsePolicyFile(policyText(host, origin.url, options), "policies", {
      facts: {
        hasCountry: options.config?.countryHeader !== undefined,
        hasClientCertificate: options.config?.tls !== undefined,
      },
    }),
    ...(options.admin && { admin: { host: "127.0.0.1", port: await freePort() } }),
    identityProvider: options.identityProvider ?? null,
    ...(options.originResponseTimeoutMs && { originResponseTimeoutMs: options.originResponseTimeoutMs }),
    ...options.config,
  };
  const deps = { logger, now: () => clock.nowMs };
  const open = async () => {
    const opened = await createGateway(config, deps);
    await opened.listen();
    await opened.listenAdmin();
    return opened;
  };
  let gateway = await open();
  const token = await gateway.tokens.create({ name: "stats bot" });
  const pair = { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret };
  const apiToken = options.admin ? (await gateway.apiTokens.create({ name: "tests", scopes: ["all"] })).secret : "";
  const adminUrl = `http://127.0.0.1:${config.admin?.port}`;
  return {
    get gateway() {
      return gateway;
    },
    origin,
    port,
    url: `http://${host}`,
    host,
    token,
    pair,
    config,
    logs,
    clock,
    api: new Cloudflare({ apiToken, baseURL: `${adminUrl}/client/v4` }),
    adminUrl,
    apiToken,
    async restart() {
      await gateway.close(100);
      gateway = await open();
      return gateway;
    },
    async close() {
      await gateway.close(100);
      await origin.close();
      database.remove();
    },
  };
}

function policyText(
  host: string,
  origin: string,
  { policies = BOTS_AND_COMPANY, fields = "", applications }: TestGatewayOptions,
): string {
  return `applications:
  - name: Stats
    aud: ${AUD}
    domain: ${host}
    origin: ${origin}
${fields}
    policies:${policies}
${applications?.(host, origin) ?? ""}`;
}

/** A port that was free a moment ago: the gateway's own address goes into its configuration before it listens. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** The JWT that the gateway sets for a pair. */
export async function exchange(test: Pick<TestGateway, "url" | "pair">, path = "/"): Promise<string> {
  const response = await fetch(test.url + path, { headers: test.pair, redirect: "manual" });
  return /CF_Authorization=([^;]+)/.exec(response.headers.get("set-cookie") ?? "")?.[1] ?? "";
}

/** A JWT's claims, unverified. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")) as Record<string, unknown>;
}
