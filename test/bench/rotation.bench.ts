import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileCredentials } from "@gatehouse/access-client";
import { createStatsClient, type StatsClient } from "@gatehouse/bot";
import { startTrace } from "@gatehouse/service";
import { botCredentialsFile } from "../e2e/support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "../e2e/support/local-stack.ts";
import { createRotationCommand, type RotationCommand } from "../e2e/support/rotation-command.ts";
import { type LoadReport, startSteadyLoad } from "../support/steady-load.ts";
import type { Bench, Figure } from "./figure.ts";
import { impliedExchanges } from "./rotation/implied-exchanges.ts";

/** From 60: three rotations, each waiting until its old secret is unused, must fit. */
const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 300);
const PER_SECOND = 200;
const ROTATIONS = 3;
/** Short, so that tokens are renewed several times in five minutes. */
const LIFETIME_SECONDS = 60;
const POLL_MS = 20;
const TIMEOUT_MS = 20_000;

export const bench: Bench = {
  about:
    `${SECONDS} s at ${PER_SECOND} questions/s through gateway and bot client, over the sample data and with JWTs of ${LIFETIME_SECONDS} s, ` +
    "while `tokens rotate` runs three times, once killed half-way and run again",
  async run(print) {
    const stack = await startShortLived();
    const command = createRotationCommand(stack);
    const credentials = fileCredentials(botCredentialsFile(stack.folder));
    const client = createStatsClient({ url: stack.statsUrl, timeoutMs: TIMEOUT_MS, credentials });
    try {
      return await soak(client, command, print);
    } finally {
      command.close();
      await client.close();
      await discard(stack);
    }
  },
};

/** The whole product, with the session's length changed in its policy file. */
async function startShortLived(): Promise<LocalStack> {
  const first = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
  await first.stop();
  const policies = join(first.folder, "access.yaml");
  const text = readFileSync(policies, "utf8");
  writeFileSync(policies, text.replace(/session_duration: \w+/, `session_duration: ${LIFETIME_SECONDS}s`));
  return startLocalStack({ folder: first.folder, keepsLine: () => false });
}

async function soak(client: StatsClient, command: RotationCommand, print: (line: string) => void): Promise<Figure[]> {
  await ask(client, 0);
  const times = watchRotations(client);
  const load = startSteadyLoad(PER_SECOND, (index) => ask(client, index));
  await rotateInTurn(command, print);
  const report = await load.stop();
  const { fewest, most } = impliedExchanges({ ...times.stop(), lifetimeSeconds: LIFETIME_SECONDS });
  const { exchanges, rotations } = client.access();
  printReport(report, print);
  print(`${exchanges} exchanges for ${rotations} new secrets; the lifetimes imply ${fewest} to ${most}`);
  return [
    { name: "failed questions", value: report.failed, unit: "", better: "less", floor: 0, aim: 0 },
    {
      name: "questions a second",
      value: (report.asked / report.lastedMs) * 1_000,
      unit: "",
      better: "more",
      floor: 199,
      aim: PER_SECOND,
    },
    { name: "secrets taken up", value: rotations, unit: "", better: "more", floor: ROTATIONS, aim: ROTATIONS },
    { name: "exchanges", value: exchanges, unit: "", better: "less", floor: most, aim: fewest },
  ];
}

/** What a team asks. One in twenty reaches to now, which the engine must count anew each time. */
function ask(client: StatsClient, index: number): Promise<unknown> {
  const metric = METRICS[index % METRICS.length] ?? "signups";
  if (index % 20 === 0) return client.query({ metric, range: { from: dayAgo(0), to: dayAgo(-1) } }, startTrace());
  const range = { from: dayAgo(8 + (index % 7)), to: dayAgo(1 + (index % 7)) };
  return client.query({ metric, range, compare: "previous_period" }, startTrace());
}

const METRICS = ["signups", "active_users", "revenue", "errors", "order_conversion"];
const DAY_MS = 86_400_000;

function dayAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

/** A rotation in each third of the time; the second is killed once it has a secret that nobody else has. */
async function rotateInTurn(command: RotationCommand, print: (line: string) => void): Promise<void> {
  const turnMs = (SECONDS * 1_000) / ROTATIONS;
  const show = (what: string, said: string): void => print(`${what}: ${said.replaceAll("\n", " ")}`);
  for (let turn = 1; turn <= ROTATIONS; turn += 1) {
    const endsMs = performance.now() + turnMs;
    await sleep(turnMs / 10);
    if (turn === 2) show(`rotation ${turn}, killed`, await command.runUntil("Rotated"));
    show(`rotation ${turn}`, await command.run());
    await sleep(Math.max(0, endsMs - performance.now()));
  }
}

/** When the client took up each new secret. */
function watchRotations(client: StatsClient) {
  const beganMs = performance.now();
  const rotatedAtMs: number[] = [];
  const timer = setInterval(() => {
    if (client.access().rotations > rotatedAtMs.length) rotatedAtMs.push(performance.now());
  }, POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      return { beganMs, rotatedAtMs, endedMs: performance.now() };
    },
  };
}

function printReport({ asked, failed, failures, ...times }: LoadReport, print: (line: string) => void): void {
  for (const line of failures) print(line);
  const [p50, p99, slowest] = [times.p50Ms, times.p99Ms, times.slowestMs].map((ms) => ms.toFixed(1));
  print(`${asked} questions, ${failed} failed; p50 ${p50} ms, p99 ${p99} ms, slowest ${slowest} ms`);
}
