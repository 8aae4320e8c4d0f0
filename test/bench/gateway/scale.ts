import { type Figure, median } from "../figure.ts";
import { exchange, type Gatehouse, startGatehouse } from "./gatehouse.ts";
import { type Headers, load } from "./load.ts";
import { startOrigin } from "./peers.ts";
import { freePorts, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const APPLICATIONS = 1_000;
const SERVICE_TOKENS = 100_000;
const CONNECTIONS = 64;
const ROUNDS = 31;
/** As for the throughput: V8 compiles for so long. */
const WARM_UP_SECONDS = 10;
const ROUND_SECONDS = 1;

/** Requests per second with many applications and tokens, against those with one of each. */
export async function measureScale({ programs, folder, print }: Setting): Promise<Figure[]> {
  const [smallPort = 0, smallAdminPort = 0, largePort = 0, largeAdminPort = 0, originPort = 0] = await freePorts(5);
  return withServers(async (keep) => {
    keep(await startOrigin(originPort, { programs, folder }));
    const origin = `http://127.0.0.1:${originPort}`;
    const counts = { applications: APPLICATIONS, serviceTokens: SERVICE_TOKENS };
    const small = keep(
      await startGatehouse({ folder, name: "small", port: smallPort, adminPort: smallAdminPort, origin }),
    );
    const large = keep(
      await startGatehouse({ folder, name: "large", port: largePort, adminPort: largeAdminPort, origin, ...counts }),
    );
    const wrk = { wrk: programs.wrk, folder, connections: CONNECTIONS };
    const loads = await Promise.all([small, large].map(withToken));
    const measure = async ([gatehouse, tokens]: readonly [Gatehouse, Headers[]], seconds: number) =>
      (await load(gatehouse.issuer, tokens, { ...wrk, seconds })).requestsPerSecond;
    for (const each of loads) await measure(each, WARM_UP_SECONDS);
    const rounds: { small: number; large: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [one, other] = loads;
      if (one === undefined || other === undefined) break;
      rounds.push({ small: await measure(one, ROUND_SECONDS), large: await measure(other, ROUND_SECONDS) });
    }
    print(`1,000 applications, 100,000 tokens: ${Math.round(median(rounds.map((round) => round.large)))} requests/s`);
    print(`1 application, 1 token:             ${Math.round(median(rounds.map((round) => round.small)))} requests/s`);
    const value = median(rounds.map((round) => round.large / round.small));
    const name = "requests/s with 1,000 applications and 100,000 tokens, against 1 and 1";
    return [{ name, value, unit: "", better: "more", floor: 0.95, aim: 1 }];
  });
}

async function withToken(gatehouse: Gatehouse): Promise<readonly [Gatehouse, Headers[]]> {
  return [gatehouse, await exchange(gatehouse.issuer, gatehouse.pairs.slice(0, 1))];
}
