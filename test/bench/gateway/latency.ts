import { type Figure, median } from "../figure.ts";
import { exchange, startGatehouse } from "./gatehouse.ts";
import { load } from "./load.ts";
import { startOrigin } from "./peers.ts";
import { freePorts, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const CONNECTIONS = 32;
const ROUNDS = 15;
/** As for the throughput: V8 compiles for so long. */
const WARM_UP_SECONDS = 10;
const ROUND_SECONDS = 2;

/** What the gateway adds to the origin's own time when it is half as busy as it can be: the same load with and without it. */
export async function measureLatency({ programs, folder, print }: Setting): Promise<Figure[]> {
  const [port = 0, adminPort = 0, originPort = 0] = await freePorts(3);
  return withServers(async (keep) => {
    keep(await startOrigin(originPort, { programs, folder }));
    const origin = `http://127.0.0.1:${originPort}`;
    const gatehouse = keep(await startGatehouse({ folder, name: "latency", port, adminPort, origin }));
    const tokens = await exchange(gatehouse.issuer, gatehouse.pairs);
    const wrk = { wrk: programs.wrk, folder, connections: CONNECTIONS };
    const full = await load(gatehouse.issuer, tokens, { ...wrk, seconds: WARM_UP_SECONDS });
    const pauseMs = (CONNECTIONS / (full.requestsPerSecond / 2)) * 1_000;
    const rounds: { p50Ms: number; p99Ms: number }[] = [];
    let requestsPerSecond = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const through = await load(gatehouse.issuer, tokens, { ...wrk, seconds: ROUND_SECONDS, pauseMs });
      const direct = await load(origin, tokens, { ...wrk, seconds: ROUND_SECONDS, pauseMs });
      rounds.push({ p50Ms: through.p50Ms - direct.p50Ms, p99Ms: through.p99Ms - direct.p99Ms });
      requestsPerSecond = through.requestsPerSecond;
    }
    print(
      `at half load             ${Math.round(requestsPerSecond)} requests/s of ${Math.round(full.requestsPerSecond)}`,
    );
    const value = (field: "p50Ms" | "p99Ms") => median(rounds.map((round) => round[field]));
    return [
      { name: "added at half load, p50", value: value("p50Ms"), unit: "ms", better: "less", floor: 0.5, aim: 0.2 },
      { name: "added at half load, p99", value: value("p99Ms"), unit: "ms", better: "less", floor: 3, aim: 1 },
    ];
  });
}
