import { rmSync } from "node:fs";
import { createLogger } from "@gatehouse/service";
import { type LocalSettings, readLocalSettings } from "../../../local/settings.ts";
import { type RunningLocal, startLocal } from "../../../local/start.ts";
import { localEnvironment } from "./local-environment.ts";

export interface LocalStack extends RunningLocal {
  readonly chatUrl: string;
  readonly dashboardUrl: string;
  /** Straight at the stats app, past the gateway. */
  readonly originUrl: string;
  readonly folder: string;
  /** The log lines of every app that were kept, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Moves the clock of every app. */
  advance(milliseconds: number): void;
}

export interface LocalStackOptions {
  /** Variables beside the ports and the folder, which are chosen here. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of an earlier stack. Default: a new one. */
  readonly folder?: string;
  /** Which log lines to keep. Default: every line. */
  readonly keepsLine?: (line: string) => boolean;
  /** Runs before the start, when the ports are known. */
  readonly prepare?: (settings: LocalSettings) => void | Promise<void>;
}

/** The whole product as `npm start` composes it, on free ports and in a folder of its own. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { env = {}, keepsLine = () => true } = options;
  const place = await localEnvironment(options.folder);
  const settings = readLocalSettings({ ...place, LOCAL_SAMPLE_DATA: "true", ...env });
  const { dataFolder: folder, statsPort } = settings;
  const log: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    if (keepsLine(line)) log.push(JSON.parse(line) as Record<string, unknown>);
  };
  const destination = { write };
  const loggerFor = (app: string) => createLogger({ app, destination });
  await options.prepare?.(settings);
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const ignore = () => undefined;
  const running = await startLocal({ settings, env, loggerFor, now, onProgress: ignore, onFatal: ignore });
  if (running.chatUrl === undefined || running.dashboardUrl === undefined) {
    throw new TypeError("a whole stack was wanted");
  }
  const { chatUrl, dashboardUrl } = running;
  const advance = (milliseconds: number): void => {
    aheadMs += milliseconds;
  };
  return { ...running, chatUrl, dashboardUrl, originUrl: `http://127.0.0.1:${statsPort}`, folder, log, advance };
}

/** Stops the stack and removes its folder. */
export async function discard(stack: LocalStack): Promise<void> {
  await stack.stop();
  rmSync(stack.folder, { recursive: true, force: true });
}
