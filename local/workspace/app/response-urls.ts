import { randomBytes } from "node:crypto";
import { BoundedMap } from "../bounded-map.ts";
import type { ReplyTarget } from "./replies.ts";

/** The short-lived addresses under which an app may answer a command or an interaction: five uses in 30 minutes. */
export interface ResponseUrls {
  /** Returns the path, to be put after the workspace's address. */
  issue(target: ReplyTarget): string;
  use(id: string): ReplyTarget | undefined;
}

const LIFE_MS = 30 * 60_000;
const MAX_USES = 5;
const MAX_KEPT = 1_000;

export function createResponseUrls(now: () => number): ResponseUrls {
  const issued = new BoundedMap<string, { target: ReplyTarget; expiresAtMs: number; usesLeft: number }>(MAX_KEPT);
  return {
    issue(target) {
      const id = randomBytes(18).toString("base64url");
      issued.set(id, { target, expiresAtMs: now() + LIFE_MS, usesLeft: MAX_USES });
      return `/response/${id}`;
    },
    use(id) {
      const found = issued.get(id);
      if (found === undefined || found.usesLeft === 0 || now() >= found.expiresAtMs) return undefined;
      found.usesLeft -= 1;
      return found.target;
    },
  };
}
