import { spawn } from "node:child_process";
import { once } from "node:events";
import { AdminError } from "../errors.ts";
import type { Sink } from "./sink.ts";

/** A password manager may ask its person something. */
const TIMEOUT_MS = 120_000;
const MAX_COMPLAINT_CHARACTERS = 10_000;

/**
 * A command of the admin's own, run by the shell; it gets `{"client_id":…,"client_secret":…}` on its standard input, and says by
 * exit code 0 that it took it.
 */
export function commandSink(command: string, timeoutMs = TIMEOUT_MS): Sink {
  return {
    name: `command ${command}`,
    check: async () => undefined,
    async write({ clientId, clientSecret }) {
      const text = `${JSON.stringify({ client_id: clientId, client_secret: clientSecret })}\n`;
      const { code, signal, complaint, isLate } = await runShell(command, text, timeoutMs);
      if (code === 0) return;
      const ended = isLate ? `did not end in ${timeoutMs / 1_000} s` : `ended with ${code ?? signal}`;
      const said = complaint.replaceAll(clientSecret, "[client secret]").trim().slice(0, 500);
      throw new AdminError("ERR_ADMIN_SINK", `The command ${ended}${said && `: ${said}`}`);
    },
  };
}

async function runShell(command: string, input: string, timeoutMs: number) {
  const child = spawn(command, { shell: true, stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint = (complaint + chunk).slice(0, MAX_COMPLAINT_CHARACTERS);
  });
  // One that does not read its input is judged by its exit code.
  child.stdin.on("error", () => undefined).end(input);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
    // What the shell had started may still hold it open.
    child.stderr.destroy();
  }, timeoutMs);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  return { code, signal, complaint, isLate };
}
