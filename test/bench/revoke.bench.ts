import { type Replica, startReplicas } from "../gateway/replicas/support/replicas.ts";
import { preparePostgres, stopPostgres } from "../support/postgres.ts";
import { type Bench, median } from "./figure.ts";

const ROUNDS = 100;
const PROMISED_MS = 1_000;
const AIM_MS = 200;

export const bench: Bench = {
  about: `${ROUNDS} times: a service token is disabled by one process, until two gateways on one Postgres both refuse its JWT`,
  async run(print) {
    preparePostgres();
    const replicas = await startReplicas(2);
    const { all, tokens } = replicas;
    const tookMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, clientId, clientSecret } = await tokens.create({ name: "a bot" });
      const pair = { "CF-Access-Client-Id": clientId, "CF-Access-Client-Secret": clientSecret };
      await untilAll(all, pair, 200);
      const jwt = { "cf-access-token": (await all[0]?.ask(pair))?.cookie ?? "" };
      await untilAll(all, jwt, 200);
      await tokens.disable(id);
      const disabledAtMs = performance.now();
      await untilAll(all, jwt, 401);
      tookMs.push(performance.now() - disabledAtMs);
    }
    await replicas.close();
    await stopPostgres();
    const slowest = Math.max(...tookMs);
    print(`half of them within ${median(tookMs).toFixed(1)} ms, all within ${slowest.toFixed(1)} ms`);
    const bound = { unit: "ms", better: "less", floor: PROMISED_MS, aim: AIM_MS } as const;
    return [{ name: "revoke to 401 on every gateway, slowest", value: slowest, ...bound }];
  },
};

async function untilAll(
  replicas: readonly Replica[],
  headers: Readonly<Record<string, string>>,
  status: number,
): Promise<void> {
  await Promise.all(
    replicas.map(async (replica) => {
      // An answer that is under way at the moment of the revoke is cut.
      const ask = () => replica.ask(headers).catch(() => ({ status: 0 }));
      while ((await ask()).status !== status);
    }),
  );
}
