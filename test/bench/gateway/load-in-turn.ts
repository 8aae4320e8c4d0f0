import { setTimeout as sleep } from "node:timers/promises";
import { type Headers, type Load, type LoadOptions, startLoad } from "./load.ts";
import type { Server } from "./processes.ts";

/** A server under load, and whom it serves. */
export interface Target {
  readonly server: Server;
  readonly clients: readonly Headers[];
}

export interface TurnsResult {
  /** Of the time in which it had the turn. */
  readonly requestsPerSecond: number;
  readonly cpuUs: number;
}

/** Short against a virtual machine's ups and downs, long against what the change of turns costs. */
const TURN_MS = 200;
/** For the server to answer what it has when a turn ends, at its own expense. */
const REST_MS = 15;

/**
 * Loads several servers, one at a time, in turns so short that all see the same machine: one that is a quarter faster for some
 * seconds, as virtual machines are, was a quarter's difference between two loads that came one after the other.
 *
 * @param options `seconds` are of all together.
 */
export async function loadInTurn(targets: readonly Target[], options: LoadOptions): Promise<TurnsResult[]> {
  const runs = targets.map((target) => new Run(target, options));
  try {
    while (runs.some((run) => !run.isOver)) for (const run of runs) if (!run.isOver) await run.takeTurn();
    return await Promise.all(runs.map((run) => run.result()));
  } finally {
    for (const run of runs) run.stop();
  }
}

class Run {
  isOver = false;
  readonly #load: Load;
  readonly #server: Server;
  #ms = 0;
  #cpuMs = 0;

  constructor({ server, clients }: Target, options: LoadOptions) {
    this.#server = server;
    this.#load = startLoad(`http://127.0.0.1:${server.port}/`, clients, options);
    this.#load.pause();
  }

  async takeTurn(): Promise<void> {
    const cpuBeforeMs = this.#server.cpuMs();
    const beforeMs = performance.now();
    this.#load.resume();
    this.isOver = await Promise.race([this.#load.result.then(() => true), sleep(TURN_MS, false)]);
    this.#load.pause();
    this.#ms += performance.now() - beforeMs;
    await sleep(REST_MS);
    this.#cpuMs += this.#server.cpuMs() - cpuBeforeMs;
  }

  async result(): Promise<TurnsResult> {
    const { requests } = await this.#load.result;
    return { requestsPerSecond: (requests * 1_000) / this.#ms, cpuUs: (this.#cpuMs * 1_000) / requests };
  }

  stop(): void {
    this.#load.kill();
  }
}
