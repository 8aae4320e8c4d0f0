import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Figure } from "../figure.ts";
import { exchange, startGatehouse } from "./gatehouse.ts";
import type { Headers } from "./load.ts";
import { freePorts, OTHER_CORE, startServer, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const MEGABYTE = 1024 * 1024;
const SOCKETS = 10_000;
/** Open files that the gateway needs beside its sockets. */
const OTHER_FILES = 200;
const STREAMED_BYTES = 1024 * MEGABYTE;
const PIECE = Buffer.alloc(64 * 1024, "0123456789abcdef");
/** After the last socket is open: garbage goes, what is held stays. */
const SETTLE_MS = 5_000;

/** Resident memory of the whole process with idle WebSockets, each of which is two connections. */
export async function measureIdleSockets({ folder, print }: Setting): Promise<Figure[]> {
  const [port = 0, adminPort = 0, originPort = 0, crowdPort = 0] = await freePorts(4);
  const count = Math.min(SOCKETS, Math.floor((maxOpenFiles() - OTHER_FILES) / 2));
  return withServers(async (keep) => {
    keep(await startScript(new URL("./socket-origin.ts", import.meta.url), originPort));
    const origin = `http://127.0.0.1:${originPort}`;
    const gatehouse = keep(await startGatehouse({ folder, name: "sockets", port, adminPort, origin }));
    const [token] = await exchange(gatehouse.issuer, gatehouse.pairs);
    const before = gatehouse.rssBytes();
    keep(
      await startScript(new URL("./socket-crowd.ts", import.meta.url), crowdPort, [
        port,
        count,
        token?.["cf-access-token"] ?? "",
      ]),
    );
    await sleep(SETTLE_MS);
    const after = gatehouse.rssBytes();
    const each = (after - before) / count;
    print(`${count} idle WebSockets   ${megabytes(after)} MB, ${(each / 1024).toFixed(1)} KB each`);
    if (count < SOCKETS) print(`  (more would need more open files: ulimit -n; the figure is worked out from these)`);
    const value = megabytes(before + each * SOCKETS);
    return [{ name: "resident with 10,000 idle WebSockets", value, unit: "MB", better: "less", floor: 600, aim: 300 }];
  });
}

/** What 1 GB each way takes beyond what the process has anyway, at its highest; the process has done nothing else. */
export async function measureStreams({ folder, print }: Setting): Promise<Figure[]> {
  const [port = 0, adminPort = 0, originPort = 0] = await freePorts(3);
  return withServers(async (keep) => {
    keep(await startScript(new URL("./stream-origin.ts", import.meta.url), originPort));
    const origin = `http://127.0.0.1:${originPort}`;
    const gatehouse = keep(await startGatehouse({ folder, name: "streams", port, adminPort, origin }));
    const [token = {}] = await exchange(gatehouse.issuer, gatehouse.pairs);
    const idle = gatehouse.rssBytes();
    const startedAt = performance.now();
    await download(`${gatehouse.issuer}/${STREAMED_BYTES}`, token);
    const downloadedAt = performance.now();
    await upload(gatehouse.issuer, token);
    const rate = (ms: number) => Math.round(STREAMED_BYTES / MEGABYTE / (ms / 1_000));
    print(
      `1 GB streamed            down ${rate(downloadedAt - startedAt)} MB/s, up ${rate(performance.now() - downloadedAt)} MB/s; ` +
        `idle ${megabytes(idle)} MB, at most ${megabytes(gatehouse.peakRssBytes())} MB`,
    );
    const value = megabytes(gatehouse.peakRssBytes());
    return [
      {
        name: "resident at most, 1 GB streamed each way",
        value,
        unit: "MB",
        better: "less",
        floor: 150,
        aim: 120,
      },
    ];
  });
}

function startScript(file: URL, port: number, more: readonly (string | number)[] = []) {
  const args = [fileURLToPath(file), ...[port, ...more].map(String)];
  return startServer(port, { program: process.execPath, args, core: OTHER_CORE });
}

async function download(url: string, headers: Headers): Promise<void> {
  const outgoing = request(url, { headers }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  let bytes = 0;
  for await (const piece of response) bytes += (piece as Buffer).length;
  if (bytes !== STREAMED_BYTES) throw new Error(`${bytes} bytes of ${STREAMED_BYTES} arrived`);
}

async function upload(url: string, headers: Headers): Promise<void> {
  const outgoing = request(url, { method: "PUT", headers: { ...headers, "content-length": STREAMED_BYTES } });
  const answered = once(outgoing, "response");
  await pipeline(Readable.from(pieces()), outgoing);
  const [response] = (await answered) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the upload was answered ${response.statusCode}`);
  response.resume();
}

function* pieces(): Generator<Buffer> {
  for (let sent = 0; sent < STREAMED_BYTES; sent += PIECE.length) yield PIECE;
}

function maxOpenFiles(): number {
  const limit = execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
  return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE);
}
