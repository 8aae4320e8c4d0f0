import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Figure } from "./figure.ts";
import { measureLatency } from "./gateway/latency.ts";
import { measureIdleSockets, measureStreams } from "./gateway/memory.ts";
import { findPrograms } from "./gateway/requirements.ts";
import { measureScale } from "./gateway/scale.ts";
import { measureThroughput } from "./gateway/throughput.ts";

const MEASUREMENTS = [measureThroughput, measureLatency, measureScale, measureStreams, measureIdleSockets];

export const bench: Bench = {
  about:
    "the gateway against HAProxy with jwt_verify and nginx with auth_request, each on one core, in front of an origin " +
    "that answers 1 KB of JSON; all write a line of log per request, to nowhere",
  async run(print) {
    const programs = findPrograms();
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
    try {
      const figures: Figure[] = [];
      for (const measure of MEASUREMENTS) figures.push(...(await measure({ programs, folder, print })));
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
