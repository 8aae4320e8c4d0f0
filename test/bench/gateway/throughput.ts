import { join } from "node:path";
import type { Figure } from "../figure.ts";
import { exchange, startGatehouse, writePublicKey } from "./gatehouse.ts";
import { load } from "./load.ts";
import { loadInTurn, type Target, type TurnsResult } from "./load-in-turn.ts";
import { startHaproxy, startNginxWithVerifier, startOrigin } from "./peers.ts";
import { freePorts, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const TOKENS = 2_000;
const CONNECTIONS = 64;
/** Of all together. */
const SECONDS = 180;
/** V8 goes on compiling for so long under load, and a gateway runs for weeks. */
const WARM_UP_SECONDS = 10;

interface Contender extends Target {
  readonly name: string;
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
    const contenders: Contender[] = [
      { name: "gateway, 1 token", server: gatehouse, clients: tokens.slice(0, 1) },
      { name: "HAProxy, 1 token", server: haproxy, clients: tokens.slice(0, 1) },
      { name: "gateway, 2,000 tokens", server: gatehouse, clients: tokens },
      { name: "HAProxy, 2,000 tokens", server: haproxy, clients: tokens },
      { name: "nginx, 2,000 tokens", server: nginx, clients: tokens },
      { name: "gateway, pairs", server: gatehouse, clients: pairs.slice(0, 1) },
    ];
    const wrk = { wrk: programs.wrk, folder, connections: CONNECTIONS };
    for (const { server, clients } of contenders) {
      await load(`http://127.0.0.1:${server.port}/`, clients, { ...wrk, seconds: WARM_UP_SECONDS });
    }
    const results = await loadInTurn(contenders, { ...wrk, seconds: SECONDS });
    for (const [index, { requestsPerSecond, cpuUs }] of results.entries()) {
      const name = (contenders[index]?.name ?? "").padEnd(24);
      print(`${name} ${Math.round(requestsPerSecond)} requests/s   ${cpuUs.toFixed(1)} µs CPU a request`);
    }
    return compare(results);
  });
}

function compare([ours1, haproxy1, ours2000, haproxy2000, nginx, pairs]: readonly TurnsResult[]): Figure[] {
  return [
    speed("requests/s against HAProxy, 1 token", ours1, haproxy1, 1, 1.5),
    cpu("CPU a request against HAProxy, 1 token", ours1, haproxy1),
    speed("requests/s against HAProxy, 2,000 tokens", ours2000, haproxy2000, 1, 1.5),
    cpu("CPU a request against HAProxy, 2,000 tokens", ours2000, haproxy2000),
    speed("requests/s against nginx with auth_request", ours2000, nginx, 1, 1.5),
    speed("requests/s with a pair, against a warm JWT", pairs, ours1, 0.5, 0.8),
  ];
}

function speed(name: string, ours?: TurnsResult, peers?: TurnsResult, floor = 1, aim = 1): Figure {
  return {
    name,
    value: ratio(ours?.requestsPerSecond, peers?.requestsPerSecond),
    unit: "",
    better: "more",
    floor,
    aim,
  };
}

function cpu(name: string, ours?: TurnsResult, peers?: TurnsResult): Figure {
  return { name, value: ratio(ours?.cpuUs, peers?.cpuUs), unit: "", better: "less", floor: 0.9, aim: 0.6 };
}

function ratio(ours = Number.NaN, peers = Number.NaN): number {
  return ours / peers;
}
