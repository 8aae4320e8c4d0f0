import { spawn } from "node:child_process";
import { once } from "node:events";
import { AdminError } from "../errors.ts";
import type { Sink } from "./sink.ts";

/** A command of the admin's own, run by the shell; it gets `{"client_id":…,"client_secret":…}` on its standard input. */
export function commandSink(command: string): Sink {
  return {
    name: `command ${command}`,
    check: async () => undefined,
    async write({ clientId, clientSecret }) {
      const child = spawn(command, { shell: true, stdio: ["pipe", "ignore", "pipe"] });
      const complaint: Buffer[] = [];
      child.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
      child.stdin.on("error", () => undefined);
      child.stdin.end(`${JSON.stringify({ client_id: clientId, client_secret: clientSecret })}\n`);
      const [code] = (await once(child, "close")) as [number | null];
      if (code === 0) return;
      const said = Buffer.concat(complaint)
        .toString("utf8")
        .replaceAll(clientSecret, "[client secret]")
        .trim()
        .slice(0, 500);
      throw new AdminError("ERR_ADMIN_SINK", `The command ended with ${code ?? "a signal"}${said && `: ${said}`}`);
    },
  };
}
