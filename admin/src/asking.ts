import { confirm, isCancel, password } from "@clack/prompts";
import type { Asking } from "./command-deps.ts";
import { AdminError } from "./errors.ts";

/** Questions at a terminal, on standard error: standard output is for the answer. Ctrl-C is a no. @throws {AdminError} `ERR_ADMIN_NOT_CONFIRMED` */
export function createAsking(): Asking {
  return {
    async secret(message) {
      const answer = await password({ message, output: process.stderr });
      return isCancel(answer) ? stop() : answer;
    },
    async confirm(message) {
      const answer = await confirm({ message, initialValue: false, output: process.stderr });
      return isCancel(answer) ? stop() : answer;
    },
  };
}

function stop(): never {
  throw new AdminError("ERR_ADMIN_NOT_CONFIRMED", "Nothing was changed.");
}
