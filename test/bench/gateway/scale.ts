import { type Figure, median } from "../figure.ts";
import { exchange, type Gatehouse, type GatehouseOptions, startGatehouse } from "./gatehouse.ts";
import { type Headers, load } from "./load.ts";
import { startOrigin } from "./peers.ts";
import { freePorts, withServers } from "./processes.ts";
import type { Setting } from "./setting.ts";

const SIZES = {
  small: { applications: 1, serviceTokens: 1 },
  large: { applications: 1_000, serviceTokens: 100_000 },
};
const CONNECTIONS = 32;
/** No two processes are compiled alike, and the one that starts first is at a small advantage: several are compared, in turn. */
const ORDERS = [
  ["small", "large"],
  ["large", "small"],
  ["small", "large"],
  ["large", "small"],
] as const;
const ROUNDS = 11;
/** V8 compiles for ten seconds, and two share the core. */
const WARM_UP_SECONDS = 20;
const ROUND_SECONDS = 1;

type Size = keyof typeof SIZES;

interface Contender {
  readonly size: Size;
  readonly gatehouse: Gatehouse;
  readonly clients: readonly Headers[];
}

/** CPU time a request, µs. */
type Round = Readonly<Record<Size, number>>;

/**
 * CPU a request with many applications and tokens, against that with one of each. Both are loaded at once and share their core, so
 * that the ups and downs of a virtual machine, ten times the difference that is looked for, meet both alike.
 */
export async function measureScale(setting: Setting): Promise<Figure[]> {
  const rounds: Round[] = [];
  for (const order of ORDERS) rounds.push(...(await measurePair(order, setting)));
  const us = (size: Size) => median(rounds.map((round) => round[size])).toFixed(1);
  setting.print(`1,000 applications, 100,000 tokens: ${us("large")} µs CPU a request, two sharing a core`);
  setting.print(`1 application, 1 token:             ${us("small")} µs CPU a request`);
  const value = median(rounds.map(({ small, large }) => small / large));
  const name = "requests for the same CPU with 1,000 applications and 100,000 tokens, against 1 and 1";
  return [{ name, value, unit: "", better: "more", floor: 0.95, aim: 1 }];
}

async function measurePair(order: readonly Size[], setting: Setting): Promise<Round[]> {
  const [originPort = 0, ...ports] = await freePorts(1 + 2 * order.length);
  const origin = `http://127.0.0.1:${originPort}`;
  return withServers(async (keep) => {
    keep(await startOrigin(originPort, setting));
    const contenders: Contender[] = [];
    for (const size of order) {
      const [port = 0, adminPort = 0] = ports.splice(0, 2);
      const name = `${size}-${port}`;
      const options: GatehouseOptions = { folder: setting.folder, name, origin, port, adminPort, ...SIZES[size] };
      const gatehouse = keep(await startGatehouse(options));
      const clients = await exchange(gatehouse.issuer, gatehouse.pairs.slice(0, 1));
      contenders.push({ size, gatehouse, clients });
    }
    await loadAll(contenders, WARM_UP_SECONDS, setting);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await loadAll(contenders, ROUND_SECONDS, setting));
    return rounds;
  });
}

async function loadAll(contenders: readonly Contender[], seconds: number, setting: Setting): Promise<Round> {
  const { programs, folder } = setting;
  const options = { wrk: programs.wrk, folder, connections: CONNECTIONS, seconds };
  const round = { small: Number.NaN, large: Number.NaN };
  const measure = async ({ size, gatehouse, clients }: Contender) => {
    const before = gatehouse.cpuMs();
    const { requests } = await load(gatehouse.issuer, clients, options);
    round[size] = ((gatehouse.cpuMs() - before) * 1_000) / requests;
  };
  await Promise.all(contenders.map(measure));
  return round;
}
