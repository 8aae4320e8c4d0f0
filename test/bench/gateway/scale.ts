import { type Figure, median } from "../figure.ts";
import { exchange, type Gatehouse, startGatehouse } from "./gatehouse.ts";
import { type Headers, load } from "./load.ts";
import { startOrigin } from "./peers.ts";
import { freePorts, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const APPLICATIONS = 1_000;
const SERVICE_TOKENS = 100_000;
const CONNECTIONS = 64;
/** No two processes are compiled alike, and by that alone differ by some percent: several of each are compared. */
const PAIRS = 3;
const ROUNDS = 11;
/** As for the throughput: V8 compiles for so long. */
const WARM_UP_SECONDS = 10;
const ROUND_SECONDS = 1;

interface Round {
  readonly small: number;
  readonly large: number;
}

/** Requests per second with many applications and tokens, against those with one of each. */
export async function measureScale(setting: Setting): Promise<Figure[]> {
  const rounds: Round[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) rounds.push(...(await measurePair(setting, pair)));
  const { print } = setting;
  print(`1,000 applications, 100,000 tokens: ${Math.round(median(rounds.map(({ large }) => large)))} requests/s`);
  print(`1 application, 1 token:             ${Math.round(median(rounds.map(({ small }) => small)))} requests/s`);
  const value = median(rounds.map(({ small, large }) => large / small));
  const name = "requests/s with 1,000 applications and 100,000 tokens, against 1 and 1";
  return [{ name, value, unit: "", better: "more", floor: 0.95, aim: 1 }];
}

async function measurePair({ programs, folder }: Setting, pair: number): Promise<Round[]> {
  const [smallPort = 0, smallAdminPort = 0, largePort = 0, largeAdminPort = 0, originPort = 0] = await freePorts(5);
  return withServers(async (keep) => {
    keep(await startOrigin(originPort, { programs, folder }));
    const shared = { folder, origin: `http://127.0.0.1:${originPort}` };
    const counts = { applications: APPLICATIONS, serviceTokens: SERVICE_TOKENS };
    const smallPorts = { name: `small-${pair}`, port: smallPort, adminPort: smallAdminPort };
    const largePorts = { name: `large-${pair}`, port: largePort, adminPort: largeAdminPort };
    const small = await withToken(keep(await startGatehouse({ ...shared, ...smallPorts })));
    const large = await withToken(keep(await startGatehouse({ ...shared, ...largePorts, ...counts })));
    const wrk = { wrk: programs.wrk, folder, connections: CONNECTIONS };
    const measure = async ([gatehouse, tokens]: readonly [Gatehouse, Headers[]], seconds: number) =>
      (await load(gatehouse.issuer, tokens, { ...wrk, seconds })).requestsPerSecond;
    for (const each of [small, large]) await measure(each, WARM_UP_SECONDS);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push({ small: await measure(small, ROUND_SECONDS), large: await measure(large, ROUND_SECONDS) });
    return rounds;
  });
}

async function withToken(gatehouse: Gatehouse): Promise<readonly [Gatehouse, Headers[]]> {
  return [gatehouse, await exchange(gatehouse.issuer, gatehouse.pairs.slice(0, 1))];
}
