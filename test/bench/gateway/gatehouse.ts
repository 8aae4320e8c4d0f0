import { createPublicKey, randomBytes, randomUUID, type webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { openServiceTokens } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import type { Headers } from "./load.ts";
import { SERVER_CORE, type Server, startServer } from "./processes.ts";

const MAIN = fileURLToPath(new URL("../../../gateway/src/main.ts", import.meta.url));
/** As `npm run gateway` starts it. */
const NODE_OPTIONS = ["--max-semi-space-size=8"];
const APPLICATION_AUD = "a".repeat(64);
/** Requests under way at once while tokens are exchanged. */
const EXCHANGES_AT_ONCE = 32;

export interface GatehouseOptions {
  readonly folder: string;
  readonly name: string;
  readonly port: number;
  /** The admin API's, which is always on. */
  readonly adminPort: number;
  readonly origin: string;
  /** Default 1: the one under load. */
  readonly applications?: number;
  readonly serviceTokens?: number;
}

/** The gateway as people run it: its own main file, SQLite, a policy file, one line of log per request. */
export interface Gatehouse extends Server {
  readonly issuer: string;
  readonly audience: string;
  /** The pairs of its service tokens, as request headers. */
  readonly pairs: readonly Headers[];
}

export async function startGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { folder, name, port, adminPort, serviceTokens = 1 } = options;
  const issuer = `http://127.0.0.1:${port}`;
  const databaseFile = join(folder, `${name}.sqlite`);
  const policyFile = join(folder, `${name}.yaml`);
  const secretKey = randomBytes(32).toString("hex");
  const databaseUrl = `file:${databaseFile}`;
  writeFileSync(policyFile, policies(options));
  const pairs = await createTokens({ databaseUrl, databaseFile, secretKey, count: serviceTokens });
  const server = await startServer(port, {
    program: process.execPath,
    args: [...NODE_OPTIONS, MAIN],
    core: SERVER_CORE,
    env: {
      GATEWAY_ISSUER: issuer,
      GATEWAY_PORT: String(port),
      GATEWAY_ADMIN_PORT: String(adminPort),
      GATEWAY_DATABASE_URL: databaseUrl,
      GATEWAY_POLICY_FILE: policyFile,
      GATEWAY_SECRET_KEY: secretKey,
      LOG_LEVEL: "info",
    },
  });
  return { ...server, issuer, audience: APPLICATION_AUD, pairs };
}

/** Writes the public key that its JWTs are signed with, as PEM. */
export async function writePublicKey(issuer: string, file: string): Promise<void> {
  const { keys } = (await (await fetch(`${issuer}/cdn-cgi/access/certs`)).json()) as { keys: webcrypto.JsonWebKey[] };
  const [jwk] = keys;
  if (jwk === undefined) throw new Error("the gateway has no key");
  writeFileSync(file, createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }));
}

/** Exchanges each pair for its JWT, as request headers. */
export async function exchange(issuer: string, pairs: readonly Headers[]): Promise<Headers[]> {
  const tokens: Headers[] = [];
  for (let start = 0; start < pairs.length; start += EXCHANGES_AT_ONCE) {
    const batch = pairs.slice(start, start + EXCHANGES_AT_ONCE);
    tokens.push(...(await Promise.all(batch.map((pair) => exchangeOne(issuer, pair)))));
  }
  return tokens;
}

async function exchangeOne(issuer: string, pair: Headers): Promise<Headers> {
  const response = await fetch(issuer, { headers: pair });
  await response.text();
  const jwt = /CF_Authorization=([^;]+)/.exec(response.headers.get("set-cookie") ?? "")?.[1];
  if (jwt === undefined) throw new Error(`no JWT for a pair: ${response.status}`);
  return { "cf-access-token": jwt };
}

/** The application under load stands last; half of the others share its host, the rest have their own. */
function policies({ port, origin, applications = 1 }: GatehouseOptions): string {
  const others = Array.from({ length: applications - 1 }, (_, index) => {
    const domain = index % 2 === 0 ? `127.0.0.1:${port}/app-${index}` : `app-${index}.example.com`;
    return application(`App ${index}`, randomBytes(32).toString("hex"), domain, origin);
  });
  return ["applications:", ...others, application("Stats", APPLICATION_AUD, `127.0.0.1:${port}`, origin)].join("\n");
}

function application(name: string, aud: string, domain: string, origin: string): string {
  return `  - name: ${name}
    aud: ${aud}
    domain: ${domain}
    origin: ${origin}
    policies:
      - name: bots
        decision: non_identity
        include: [{ any_valid_service_token: {} }]
      - name: company
        decision: allow
        include: [{ email_domain: { domain: acme.example } }]`;
}

interface TokenSettings {
  readonly databaseUrl: string;
  readonly databaseFile: string;
  readonly secretKey: string;
  readonly count: number;
}

/** One token is made as an admin makes it; the others are copies of its rows under ids of their own, with its secret. */
async function createTokens({ databaseUrl, databaseFile, secretKey, count }: TokenSettings): Promise<Headers[]> {
  const logger = createLogger({ app: "bench", level: "silent" });
  const opened = await openServiceTokens({ databaseUrl, secretKey }, { logger });
  const { id, clientId, clientSecret } = await opened.tokens.create({ name: "bench" });
  await opened.close();
  const copies = Array.from({ length: count - 1 }, () => ({
    id: randomUUID(),
    clientId: `${randomBytes(16).toString("hex")}.access`,
  }));
  const database = new DatabaseSync(databaseFile);
  database.exec("BEGIN");
  const copyToken = copier(database, "service_tokens", "id", id);
  const copySecret = copier(database, "service_token_secrets", "token_id", id);
  for (const copy of copies) {
    copyToken({ id: copy.id, client_id: copy.clientId });
    copySecret({ token_id: copy.id });
  }
  database.exec("COMMIT");
  database.close();
  return [clientId, ...copies.map((copy) => copy.clientId)].map((each) => ({
    "cf-access-client-id": each,
    "cf-access-client-secret": clientSecret,
  }));
}

/** Inserts copies of one row with some columns changed, whatever columns the table has. */
function copier(database: DatabaseSync, table: string, idColumn: string, id: string) {
  const row = database.prepare(`SELECT * FROM ${table} WHERE ${idColumn} = ?`).get(id) ?? {};
  const columns = Object.keys(row);
  const insert = database.prepare(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  return (change: Record<string, SQLOutputValue>) => {
    const copy: Record<string, SQLOutputValue> = { ...row, ...change };
    insert.run(...columns.map((column) => copy[column] ?? null));
  };
}
