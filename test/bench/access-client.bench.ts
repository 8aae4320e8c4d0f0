import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { Pool } from "undici";
import { measureMemory } from "./access-client/memory.ts";
import { type Bench, type Figure, median } from "./figure.ts";

/** Many short rounds: both sides of a pair then see the same machine, and a pause hits few of them. */
const ROUNDS = 201;
const WARM_UP_ROUNDS = 10;
const REQUESTS_PER_ROUND = 600;
const CONNECTIONS = 32;
const COLD_REQUESTS = 1_000;

/** Requests per second. */
interface Round {
  readonly ours: number;
  readonly peers: number;
}

/** Sends one request and reads its body. */
type Send = () => Promise<unknown>;

export const bench: Bench = {
  about: `warm client.request() against undici's Pool.request with the header set by hand, ${CONNECTIONS} connections`,
  async run(print) {
    const server = fork(new URL("./access-client/server.ts", import.meta.url));
    try {
      const [port] = (await once(server, "message")) as [number];
      const origin = `http://127.0.0.1:${port}`;
      const exchanges = await countColdExchanges(origin, server);
      const warm = await measureWarm(origin, print);
      return [warm, exchanges, await measureHeap(origin, print)];
    } finally {
      server.kill();
    }
  },
};

function createClient(origin: string) {
  const credentials = staticCredentials({ clientId: "bench.access", clientSecret: "bench-secret" });
  return createAccessClient({ origin, credentials, connections: CONNECTIONS });
}

async function countColdExchanges(origin: string, server: ChildProcess): Promise<Figure> {
  const client = createClient(origin);
  await Promise.all(Array.from({ length: COLD_REQUESTS }, async () => (await client.request("/")).body.text()));
  await client.close();
  server.send("count");
  const [value] = (await once(server, "message")) as [number];
  const name = `exchanges for ${COLD_REQUESTS} concurrent cold requests`;
  return { name, value, unit: "", better: "less", floor: 1, aim: 1 };
}

async function measureWarm(origin: string, print: (line: string) => void): Promise<Figure> {
  const client = createClient(origin);
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const headers = await client.headers();
  const ours: Send = async () => (await client.request("/")).body.text();
  const peers: Send = async () => (await pool.request({ path: "/", method: "GET", headers })).body.text();
  const rounds: Round[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const measured = await measureRound(ours, peers, round);
    if (round >= 0) rounds.push(measured);
  }
  await Promise.all([client.close(), pool.close()]);
  print(`access-client  ${Math.round(median(rounds.map((round) => round.ours)))} requests/s`);
  print(`undici Pool    ${Math.round(median(rounds.map((round) => round.peers)))} requests/s`);
  const value = median(rounds.map((round) => round.ours / round.peers));
  return { name: "warm request, against Pool.request", value, unit: "", better: "more", floor: 0.9, aim: 1 };
}

async function measureHeap(origin: string, print: (line: string) => void): Promise<Figure> {
  const client = createClient(origin);
  const figure = await measureMemory(async () => (await client.request("/")).body.text(), print);
  await client.close();
  return figure;
}

/** Whoever goes second pays for some of the first one's garbage, so they take turns. */
async function measureRound(ours: Send, peers: Send, round: number): Promise<Round> {
  if (round % 2 === 0) return { ours: await measureRate(ours), peers: await measureRate(peers) };
  const peerRate = await measureRate(peers);
  return { ours: await measureRate(ours), peers: peerRate };
}

/** Requests per second with every connection busy. */
async function measureRate(send: Send): Promise<number> {
  const startedAt = performance.now();
  let left = REQUESTS_PER_ROUND;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await send();
    }),
  );
  return REQUESTS_PER_ROUND / ((performance.now() - startedAt) / 1_000);
}
