import type { Application } from "./model.ts";

/** The host that an application is shown under: that of its first destination. */
export function primaryHost({ destinations }: Application): string {
  return destinations[0]?.host ?? "";
}
