import type { WorkspaceState } from "../model.ts";
import type { Place, ThreadId } from "./state.ts";

/** Where the address points: `#C0GENERAL`, `#C0GENERAL/1795459200.000100`, `#home`. */
export function placeFrom(hash: string, { channels }: WorkspaceState): { place: Place; thread: ThreadId | null } {
  const [id = "", ts] = hash.replace(/^#/, "").split("/");
  if (id === "home") return { place: { kind: "home" }, thread: null };
  const channel = channels.find((one) => one.id === id) ?? channels[0];
  const place: Place = { kind: "channel", id: channel?.id ?? "" };
  return { place, thread: ts === undefined || channel === undefined ? null : { channel: channel.id, ts } };
}

export function hashOf(place: Place, thread: ThreadId | null): string {
  if (place.kind === "home") return "#home";
  return thread === null ? `#${place.id}` : `#${place.id}/${thread.ts}`;
}
