import type { Identities } from "../identities.ts";
import type { InputState, View } from "../model.ts";

/** A view as the Web API and the interactions show it. https://docs.slack.dev/reference/views */
export function toSlackView(view: View, identities: Identities, values: InputState = {}): Record<string, unknown> {
  const { definition } = view;
  return {
    id: view.id,
    team_id: identities.team.id,
    app_id: identities.appId,
    bot_id: identities.bot.botId,
    app_installed_team_id: identities.team.id,
    callback_id: "",
    external_id: "",
    private_metadata: "",
    clear_on_close: false,
    notify_on_close: false,
    title: null,
    close: null,
    submit: null,
    ...definition,
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
    state: { values },
  };
}
