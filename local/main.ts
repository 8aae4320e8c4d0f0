import { relative } from "node:path";
import { createLogger, readEnvironment, runService } from "@gatehouse/service";
import { renderBanner } from "./banner.ts";
import { openLogFile } from "./log-file.ts";
import { createProgress } from "./progress.ts";
import { readLocalSettings } from "./settings.ts";
import { startLocal } from "./start.ts";

/** Below the three seconds that a person waits after Ctrl-C. */
const STOP_TIMEOUT_MS = 2_800;

/** `npm start`. */
await runService({ app: "Gatehouse", stopTimeoutMs: STOP_TIMEOUT_MS }, async () => {
  const startedMs = performance.now();
  const env = readEnvironment();
  const settings = readLocalSettings(env);
  const log = openLogFile(settings.dataFolder, settings.terminalLevel, process.stderr);
  const level = settings.terminalLevel === "debug" ? "debug" : "info";
  const loggerFor = (app: string) => createLogger({ app, level, destination: log });
  const progress = createProgress(process.stdout);
  const running = await startLocal({
    settings,
    env,
    loggerFor,
    now: Date.now,
    onProgress: progress.show,
    onFatal: () => process.exit(1),
  });
  progress.end();
  const logPath = relative(process.cwd(), log.path);
  const elapsedMs = performance.now() - startedMs;
  process.stdout.write(renderBanner({ running, logPath, elapsedMs, isColoured: process.stdout.isTTY === true }));
  return { service: running, logger: loggerFor("local") };
});
