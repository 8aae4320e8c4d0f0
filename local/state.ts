import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@gatehouse/service";
import { z } from "zod";
import { LocalError } from "./errors.ts";

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.object({
  /** The application's audience tag: stable while the data folder lives. */
  audience: hex,
  /** Encrypts the gateway's signing keys and peppers its client secrets. */
  gatewaySecretKey: hex,
  oidcClientSecret: hex,
  /** The day of the first start, days since 1970: places the sample data. */
  anchorDay: z.number().int().positive(),
  /** The bot's service token; absent until it was created. Its secret is in the bot's own file. */
  serviceToken: z.object({ id: z.string(), clientId: z.string() }).optional(),
  /** The admin page's API token; absent until it was created. */
  adminToken: z.object({ id: z.string(), secret: z.string() }).optional(),
  /** Up to which instant the sample data was imported, milliseconds since 1970. */
  sampleThroughMs: z.number().int().positive().optional(),
});

/** What the first start decides and later starts keep. Holds secrets: the file is readable by its owner only. */
export type LocalState = z.output<typeof schema>;

const MILLISECONDS_PER_DAY = 86_400_000;

/** @throws {LocalError} `ERR_LOCAL_STATE_UNREADABLE` */
export async function openState(folder: string, nowMs: number): Promise<LocalState> {
  const existing = readState(fileIn(folder));
  if (existing !== undefined) return existing;
  const secret = (): string => randomBytes(32).toString("hex");
  const state: LocalState = {
    audience: secret(),
    gatewaySecretKey: secret(),
    oidcClientSecret: secret(),
    anchorDay: Math.floor(nowMs / MILLISECONDS_PER_DAY),
  };
  await saveState(folder, state);
  return state;
}

/** Replaces the file as a whole, so that a crash leaves the old one or the new one. */
export function saveState(folder: string, state: LocalState): Promise<void> {
  return replaceFile(fileIn(folder), `${JSON.stringify(state, null, 2)}\n`);
}

function fileIn(folder: string): string {
  return join(folder, "state.json");
}

function readState(file: string): LocalState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, cause);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): LocalError {
  const message = `${file} cannot be read. Restore it, or run npm run reset to start afresh (local data is lost).`;
  return new LocalError("ERR_LOCAL_STATE_UNREADABLE", message, { cause });
}
