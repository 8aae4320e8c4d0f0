import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** The server under test has a core of its own; the origin, the load and the benchmark itself share the other. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** Becomes the program that it starts, on one core. */
const PINNER = "taskset";

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
/** Linux counts CPU time in these, whatever the kernel's own clock (proc(5)). */
const TICKS_PER_SECOND = 100;

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly core: number;
  /** Where standard output goes; errors go to ours. */
  readonly outputFile?: string;
}

/** A process of ours, with those it started. */
export interface Server {
  readonly port: number;
  /** CPU time of the process and its children so far, all threads. */
  cpuMs(): number;
  /** Resident memory now. */
  rssBytes(): number;
  /** The most that was ever resident. */
  peakRssBytes(): number;
  stop(): Promise<void>;
}

/** Starts a server and waits until its port takes connections. */
export async function startServer(port: number, command: Command): Promise<Server> {
  const child = start(command);
  await waitForPort(port, child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.program} did not start`);
  const pids = () => [pid, ...childrenOf(pid)];
  return {
    port,
    cpuMs: () => pids().reduce((sum, each) => sum + cpuMsOf(each), 0),
    rssBytes: () => pids().reduce((sum, each) => sum + statusBytes(each, "VmRSS"), 0),
    peakRssBytes: () => pids().reduce((sum, each) => sum + statusBytes(each, "VmHWM"), 0),
    stop: () => stop(child),
  };
}

/** Stops every server that the work kept, whatever becomes of it; the last one first. */
export async function withServers<T>(work: (keep: <S extends Server>(server: S) => S) => Promise<T>): Promise<T> {
  const servers: Server[] = [];
  try {
    return await work((server) => {
      servers.push(server);
      return server;
    });
  } finally {
    for (const server of servers.reverse()) await server.stop();
  }
}

/** A command that runs to its end by itself. */
export interface Run {
  /** What it printed. Rejects when it fails. */
  readonly output: Promise<string>;
  /** Takes the processor from it, between any two instructions. */
  pause(): void;
  resume(): void;
  kill(): void;
}

export function run(command: Omit<Command, "outputFile">): Run {
  const child = spawn(PINNER, pinned(command), { env: envOf(command), stdio: ["ignore", "pipe", "pipe"] });
  return {
    output: outputOf(child, command.program),
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill: () => void child.kill("SIGKILL"),
  };
}

async function outputOf(child: ChildProcessByStdio<null, Readable, Readable>, program: string): Promise<string> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const text = Buffer.concat(chunks).toString();
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${text}`);
  return text;
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

function start(command: Command): ChildProcess {
  const output = openSync(command.outputFile ?? "/dev/null", "a");
  const child = spawn(PINNER, pinned(command), { env: envOf(command), stdio: ["ignore", output, "inherit", "ipc"] });
  closeSync(output);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  child.kill("SIGTERM");
  const isGone = await Promise.race([closed, sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
  if (isGone !== false) return;
  child.kill("SIGKILL");
  await closed;
}

function pinned({ core, program, args }: Omit<Command, "outputFile">): string[] {
  return ["-c", String(core), program, ...args];
}

function envOf({ env }: Omit<Command, "outputFile">): NodeJS.ProcessEnv {
  return { ...process.env, ...env };
}

async function waitForPort(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`${child.spawnargs.join(" ")} does not listen on ${port}`);
    await sleep(20);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** taskset becomes the program it starts, so ours is the parent; nginx's workers are its children. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"))
    .flatMap((text) => text.split(" ").filter(Boolean).map(Number));
}

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

function statusBytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? Number.NaN) * 1024;
}
