import { readFile, stat } from "node:fs/promises";
import { ConfigError, type Logger } from "@gatehouse/service";
import type { Policies } from "../policies/policy-file.ts";

export interface PolicyFileWatch {
  /** Looks now; what the timer does by itself. */
  look(): Promise<void>;
  close(): void;
}

export interface PolicyFileWatchOptions {
  readonly path: string;
  /** What is in force, so that the same content is not taken for a change. */
  readonly version: string;
  /** @throws {ConfigError} with every problem. */
  readonly parse: (text: string) => Policies;
  readonly onChange: (policies: Policies) => void;
  readonly logger: Logger;
}

/** As quick as a change through the API is promised to be on other gateways. */
const LOOK_INTERVAL_MS = 1_000;

/**
 * Reads the policy file again when it changes. A file that is broken or gone changes nothing: what was read last stays in force, and
 * every problem is logged, once for each state of the file.
 */
export function watchPolicyFile({ path, version, parse, onChange, logger }: PolicyFileWatchOptions): PolicyFileWatch {
  let knownVersion = version;
  let knownStamp = "";
  const read = async (stamp: string) => {
    const policies = parse(await readFile(path, "utf8"));
    if (policies.version === knownVersion) return;
    onChange(policies);
    knownVersion = policies.version;
    logger.info({ file: path, applications: policies.applications.length, stamp }, "the policy file was read again");
  };
  const look = async () => {
    const stamp = await stampOf(path);
    if (stamp === knownStamp) return;
    knownStamp = stamp;
    try {
      await read(stamp);
    } catch (error) {
      const problems =
        error instanceof ConfigError ? error.problems : [{ name: path, problem: `cannot be read (${codeOf(error)})` }];
      for (const { name, problem } of problems)
        logger.error(
          { problem: `${name} ${problem}` },
          "the policy file was not taken: what was read last stays in force",
        );
    }
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, LOOK_INTERVAL_MS).unref();
  return { look, close: () => clearInterval(timer) };
}

/** Anything in it differs when the file was written or replaced. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unreadable";
}
