import type { CommandDeps } from "./command-deps.ts";
import { AdminError } from "./errors.ts";

/** Asks before what hurts; `--yes` answers. @throws {AdminError} `ERR_ADMIN_NOT_CONFIRMED` */
export async function confirm(question: string, yes: true | undefined, { ask }: CommandDeps): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new AdminError("ERR_ADMIN_NOT_CONFIRMED", "Nobody can be asked here: give --yes.");
  if (await ask.confirm(question)) return;
  throw new AdminError("ERR_ADMIN_NOT_CONFIRMED", "Nothing was changed.");
}
