import { checkReplaceable, replaceFile } from "@gatehouse/service";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";

/** @throws {AdminError} `ERR_ADMIN_SINK` */
export function replaceSinkFile(path: string, content: string | Uint8Array): Promise<void> {
  return replaceFile(path, content).catch((cause: unknown) => refuse(path, cause));
}

/** Whether the file can be replaced: its folder takes a new one, and its owner can be kept. @throws {AdminError} `ERR_ADMIN_SINK` */
export function checkSinkFile(path: string): Promise<void> {
  return checkReplaceable(path).catch((cause: unknown) => refuse(path, cause));
}

function refuse(path: string, cause: unknown): never {
  const message = `${path} cannot be replaced (${reasonOf(cause)}): check the folder, its rights and the file's owner.`;
  throw new AdminError("ERR_ADMIN_SINK", message, { cause });
}
