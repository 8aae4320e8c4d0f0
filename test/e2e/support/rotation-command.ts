import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { botCredentialsFile } from "./bot-credentials.ts";
import type { LocalStack } from "./local-stack.ts";

const CLI = join(import.meta.dirname, "../../../admin/src/cli.ts");

export interface RotationCommand {
  /**
   * Rotates the local bot's secret into the file that the bot watches, as an admin would: with a proof, and waiting until the
   * old secret is unused. Resolves with what it said.
   *
   * @throws {Error} with all that it said, when it ends with another code than 0
   */
  run(): Promise<string>;
  /** The same, killed with no chance to tidy up as soon as it has said these words. */
  runUntil(words: string): Promise<string>;
  /** Kills what still runs. */
  close(): void;
}

/** `tokens rotate` in a process of its own, with a journal folder of its own. */
export function createRotationCommand(stack: LocalStack): RotationCommand {
  const state = mkdtempSync(join(tmpdir(), "gatehouse-rotation-"));
  const running = new Set<ChildProcess>();
  const killAll = (): void => running.forEach((child) => void child.kill("SIGKILL"));
  process.once("exit", killAll);

  const start = async (killAt?: string) => {
    const env = { ...parseEnv(readFileSync(join(stack.folder, "admin.env"), "utf8")), XDG_STATE_HOME: state };
    const child = spawn(process.execPath, [CLI, ...argumentsFor(stack)], { env });
    running.add(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk;
        if (killAt !== undefined && said.includes(killAt)) child.kill("SIGKILL");
      });
    }
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    running.delete(child);
    return { code, said: said.trim() };
  };

  return {
    async run() {
      const { code, said } = await start();
      if (code !== 0) throw new Error(`tokens rotate ended with ${code}: ${said}`);
      return said;
    },
    async runUntil(words) {
      const { code, said } = await start(words);
      if (code !== null) throw new Error(`tokens rotate ended with ${code} before it said "${words}": ${said}`);
      return said;
    },
    close() {
      killAll();
      process.off("exit", killAll);
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function argumentsFor({ folder, statsUrl }: LocalStack): string[] {
  const sink = `env:${botCredentialsFile(folder)}`;
  const verify = `${statsUrl}/api/v1/me`;
  return [
    "tokens",
    "rotate",
    "stats bot",
    "--overlap",
    "1h",
    "--write",
    sink,
    "--verify",
    verify,
    "--wait",
    "--quiet",
    "2s",
  ];
}
