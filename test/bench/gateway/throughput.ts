import { join } from "node:path";
import { type Figure, median } from "../figure.ts";
import { exchange, startGatehouse, writePublicKey } from "./gatehouse.ts";
import { type Headers, load } from "./load.ts";
import { startHaproxy, startNginxWithVerifier, startOrigin } from "./peers.ts";
import { freePorts, type Server, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const TOKENS = 2_000;
const CONNECTIONS = 64;
const ROUNDS = 15;
/** V8 goes on compiling for so long under load, and a gateway runs for weeks. */
const WARM_UP_SECONDS = 10;
const ROUND_SECONDS = 2;

interface Contender {
  readonly name: string;
  readonly server: Server;
  readonly clients: readonly Headers[];
  readonly rounds: Round[];
}

interface Round {
  readonly requestsPerSecond: number;
  readonly cpuUs: number;
}

/** Requests per second and CPU per request of all, in turn, with everything as fast as it goes. */
export async function measureThroughput({ programs, folder, print }: Setting): Promise<Figure[]> {
  const [port = 0, adminPort = 0, originPort = 0, haproxyPort = 0, nginxPort = 0, verifierPort = 0] =
    await freePorts(6);
  return withServers(async (keep) => {
    keep(await startOrigin(originPort, { programs, folder }));
    const origin = `http://127.0.0.1:${originPort}`;
    const options = { folder, name: "gateway", port, adminPort, origin, serviceTokens: TOKENS };
    const gatehouse = keep(await startGatehouse(options));
    const { issuer, audience, pairs } = gatehouse;
    const keyFile = join(folder, "public.pem");
    await writePublicKey(issuer, keyFile);
    const tokens = await exchange(issuer, pairs);
    const settings = { programs, folder, originPort, keyFile, issuer, audience };
    const haproxy = keep(await startHaproxy(haproxyPort, settings));
    const nginx = keep(await startNginxWithVerifier(nginxPort, verifierPort, settings));
    const contenders = [
      contender("gateway, 1 token", gatehouse, tokens.slice(0, 1)),
      contender("HAProxy, 1 token", haproxy, tokens.slice(0, 1)),
      contender("gateway, 2,000 tokens", gatehouse, tokens),
      contender("HAProxy, 2,000 tokens", haproxy, tokens),
      contender("nginx, 2,000 tokens", nginx, tokens),
      contender("gateway, pairs", gatehouse, pairs.slice(0, 1)),
    ];
    const wrk = { wrk: programs.wrk, folder, connections: CONNECTIONS };
    for (const each of contenders) await load(urlOf(each), each.clients, { ...wrk, seconds: WARM_UP_SECONDS });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const each of contenders) {
        const cpuBefore = each.server.cpuMs();
        const result = await load(urlOf(each), each.clients, { ...wrk, seconds: ROUND_SECONDS });
        const cpuUs = ((each.server.cpuMs() - cpuBefore) * 1_000) / result.requests;
        each.rounds.push({ requestsPerSecond: result.requestsPerSecond, cpuUs });
      }
    }
    for (const each of contenders) {
      print(
        `${each.name.padEnd(24)} ${Math.round(median(each.rounds.map((round) => round.requestsPerSecond)))} requests/s   ` +
          `${median(each.rounds.map((round) => round.cpuUs)).toFixed(1)} µs CPU a request`,
      );
    }
    return compare(contenders);
  });
}

function contender(name: string, server: Server, clients: readonly Headers[]): Contender {
  return { name, server, clients, rounds: [] };
}

function urlOf({ server }: Contender): string {
  return `http://127.0.0.1:${server.port}/`;
}

function compare([ours1, haproxy1, ours2000, haproxy2000, nginx, pairs]: readonly Contender[]): Figure[] {
  return [
    speed("requests/s against HAProxy, 1 token", ours1, haproxy1, 1, 1.5),
    cpu("CPU a request against HAProxy, 1 token", ours1, haproxy1),
    speed("requests/s against HAProxy, 2,000 tokens", ours2000, haproxy2000, 1, 1.5),
    cpu("CPU a request against HAProxy, 2,000 tokens", ours2000, haproxy2000),
    speed("requests/s against nginx with auth_request", ours2000, nginx, 1, 1.5),
    speed("requests/s with a pair, against a warm JWT", pairs, ours1, 0.5, 0.8),
  ];
}

function speed(name: string, ours?: Contender, peers?: Contender, floor = 1, aim = 1): Figure {
  return { name, value: ratio(ours, peers, "requestsPerSecond"), unit: "", better: "more", floor, aim };
}

function cpu(name: string, ours?: Contender, peers?: Contender): Figure {
  return { name, value: ratio(ours, peers, "cpuUs"), unit: "", better: "less", floor: 0.9, aim: 0.6 };
}

/** Median of the rounds' ratios: both sides of a round saw the same machine. */
function ratio(ours: Contender | undefined, peers: Contender | undefined, field: keyof Round): number {
  const theirs = peers?.rounds ?? [];
  return median((ours?.rounds ?? []).map((round, index) => round[field] / (theirs[index]?.[field] ?? Number.NaN)));
}
