import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenedTokens, openServiceTokens } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import { Agent, request } from "undici";
import { createPostgresDatabase } from "../../../support/postgres.ts";
import { AUD, freePort, SECRET_KEY } from "../../support/gateway.ts";
import { type RecordingOrigin, startRecordingOrigin } from "../../support/recording-origin.ts";

const MAIN = new URL("../../../../gateway/src/main.ts", import.meta.url).pathname;
const HOST = "stats.localhost";

/** A gateway in a process of its own. */
export interface Replica {
  readonly port: number;
  ask(headers: Readonly<Record<string, string>>): Promise<Answer>;
  /** Kill -9: nothing is finished, nothing is written. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly reason: string | undefined;
  readonly cookie: string | undefined;
}

/** Gateways as processes of their own, on one Postgres and before one origin, as behind a load balancer. */
export interface Replicas {
  readonly all: readonly Replica[];
  readonly host: string;
  readonly origin: RecordingOrigin;
  /** The admin's side, by the same database. */
  readonly tokens: OpenedTokens["tokens"];
  close(): Promise<void>;
}

export async function startReplicas(count: number): Promise<Replicas> {
  const databaseUrl = await createPostgresDatabase();
  const origin = await startRecordingOrigin();
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-replicas-"));
  const policyFile = join(folder, "policies.yaml");
  writeFileSync(
    policyFile,
    `applications:
  - { name: Stats, aud: ${AUD}, domain: ${HOST}, origin: "${origin.url}", policies: [{ name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }] }`,
  );
  const environment = {
    PATH: process.env.PATH ?? "",
    GATEWAY_ADMIN_PORT: "0",
    // Whoever waits for a 401 gets many.
    GATEWAY_MAX_FAILURES_PER_MINUTE: "0",
    GATEWAY_ISSUER: `http://${HOST}`,
    GATEWAY_POLICY_FILE: policyFile,
    GATEWAY_DATABASE_URL: databaseUrl,
    GATEWAY_SECRET_KEY: SECRET_KEY,
    LOG_LEVEL: "warn",
  };
  const logger = createLogger({ app: "gateway", level: "silent" });
  const opened = await openServiceTokens({ databaseUrl, secretKey: SECRET_KEY }, { logger });
  // A connection for each request: a kept one that the other end has just closed would look like a failure of the gateway.
  const agent = new Agent({ pipelining: 0 });
  const all = await Promise.all(Array.from({ length: count }, () => createReplica(environment, agent)));
  await Promise.all(all.map((replica) => replica.start()));
  return {
    all,
    host: HOST,
    origin,
    tokens: opened.tokens,
    async close() {
      await Promise.all(all.map((replica) => replica.kill()));
      await agent.destroy();
      await opened.close();
      await origin.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createReplica(environment: Record<string, string>, dispatcher: Agent): Promise<Replica> {
  const port = await freePort();
  const env = { ...environment, GATEWAY_PORT: String(port) };
  let child: ChildProcess | undefined;
  const ask: Replica["ask"] = async (headers) => {
    const own = { host: HOST, accept: "application/json" };
    const response = await request(`http://127.0.0.1:${port}/`, { dispatcher, headers: { ...own, ...headers } });
    const { reason } = (await response.body.json()) as { readonly reason?: string };
    const cookie = /CF_Authorization=([^;]+)/.exec(String(response.headers["set-cookie"] ?? ""))?.[1];
    return { status: response.statusCode, reason, cookie };
  };
  return {
    port,
    ask,
    async start() {
      child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "inherit", "inherit"] });
      await untilListening(ask, child);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function untilListening(ask: Replica["ask"], child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    const isThere = await ask({}).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
