import { useEffect } from "preact/hooks";
import { isUnread, type PageState, type Place } from "./state.ts";

/** The tab's title: where one is, with a dot while something is unread. */
export function useTitle(state: PageState, place: Place): void {
  const { channels, bot, team } = state.workspace;
  const channel = place.kind === "channel" ? channels.find(({ id }) => id === place.id) : undefined;
  const where = channel?.kind === "channel" ? `#${channel.name}` : bot.name;
  const isNew = channels.some(({ id }) => id !== channel?.id && isUnread(state, id));
  const title = `${isNew ? "• " : ""}${where} · ${team.name}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
