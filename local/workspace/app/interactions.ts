import { findElement } from "../blocks/find-element.ts";
import { checkView } from "../blocks/validate.ts";
import { toSlackMessage } from "../chat/slack-message.ts";
import type { Channel, Message, Person, View } from "../model.ts";
import { type CommandsDeps, failureOf } from "./commands.ts";
import { inputErrors, inputStateOf, inputValueOf, type RawState, type RawValues } from "./input-value.ts";
import { toSlackView } from "./slack-view.ts";
import type { Views } from "./views.ts";

export type InteractionsDeps = CommandsDeps & { readonly views: Views; readonly now: () => number };

/** A person used a button, a select, or another element. */
export interface ElementUse {
  readonly blockId: string;
  readonly actionId: string;
  readonly values: RawValues;
  /** The other inputs beside it. */
  readonly state: RawState;
}

/** What the page shows when something did not work; nothing when it did. */
export interface InteractionResult {
  readonly failure?: string;
  /** Block id → what is wrong with its input. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** An element of a message was used. */
export async function useMessageElement(
  person: Person,
  channel: Channel,
  message: Message,
  use: ElementUse,
  deps: InteractionsDeps,
): Promise<InteractionResult> {
  const { identities } = deps;
  const source = { ts: message.ts, ...(message.threadTs !== undefined && { threadTs: message.threadTs }) };
  const responsePath = deps.responseUrls.issue({ channel: channel.id, personId: person.id, source });
  const container = {
    type: "message",
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: message.onlyFor !== undefined,
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
  };
  return askAboutElement(person, message.blocks ?? [], use, deps, {
    container,
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    message: toSlackMessage(message, identities),
    response_url: deps.baseUrl() + responsePath,
    state: { values: inputStateOf(message.blocks ?? [], use.state) },
  });
}

/** An element of a modal or home tab was used. */
export async function useViewElement(
  person: Person,
  view: View,
  use: ElementUse,
  deps: InteractionsDeps,
): Promise<InteractionResult> {
  const { blocks } = view.definition;
  const values = inputStateOf(blocks, use.state);
  return askAboutElement(person, blocks, use, deps, {
    container: { type: "view", view_id: view.id },
    view: toSlackView(view, deps.identities, values),
  });
}

async function askAboutElement(
  person: Person,
  blocks: Parameters<typeof findElement>[0],
  use: ElementUse,
  deps: InteractionsDeps,
  about: object,
): Promise<InteractionResult> {
  const found = findElement(blocks, use.blockId, use.actionId);
  if (found === undefined) return { failure: "element_not_found" };
  const action = {
    ...inputValueOf(found.element, use.values),
    action_id: use.actionId,
    block_id: use.blockId,
    ...("text" in found.element && { text: found.element["text"] }),
    action_ts: (deps.now() / 1000).toFixed(6),
  };
  const payload = { type: "block_actions", ...commonParts(person, deps), ...about, actions: [action] };
  const failure = failureOf(await deps.deliveries.ask("interactive", payload));
  return failure === undefined ? {} : { failure };
}

/** A modal was submitted: checks its inputs, asks the app, and does what the app answers. */
export async function submitView(
  person: Person,
  view: View,
  raw: RawState,
  deps: InteractionsDeps,
): Promise<InteractionResult> {
  const { blocks } = view.definition;
  const errors = inputErrors(blocks, raw);
  if (Object.keys(errors).length > 0) return { errors };
  const slackView = toSlackView(view, deps.identities, inputStateOf(blocks, raw));
  const payload = { type: "view_submission", ...commonParts(person, deps), view: slackView, response_urls: [] };
  const outcome = await deps.deliveries.ask("interactive", payload);
  const failure = failureOf(outcome);
  if (failure !== undefined || typeof outcome === "string") return failure === undefined ? {} : { failure };
  return applySubmissionAnswer(view, outcome.ack, deps.views);
}

function applySubmissionAnswer(view: View, answer: Readonly<Record<string, unknown>>, views: Views): InteractionResult {
  const action = answer["response_action"];
  if (action === "errors") return { errors: answer["errors"] as Record<string, string> };
  if (action === "clear") views.clear(view.personId);
  else if (action === "update" || action === "push") {
    const checked = checkView(answer["view"]);
    if ("problems" in checked) return { failure: checked.problems.join("; ") };
    if (action === "update") views.update({ viewId: view.id }, checked.value);
    else views.push(view.personId, checked.value);
  } else views.pop(view);
  return {};
}

/** A modal was closed with its button or with Escape. */
export async function closeView(person: Person, view: View, deps: InteractionsDeps): Promise<void> {
  if (view.definition.clear_on_close === true) deps.views.clear(person.id);
  else deps.views.pop(view);
  if (view.definition.notify_on_close !== true) return;
  const slackView = toSlackView(view, deps.identities);
  await deps.deliveries.ask("interactive", {
    type: "view_closed",
    ...commonParts(person, deps),
    view: slackView,
    is_cleared: false,
  });
}

function commonParts(person: Person, { identities, triggers }: InteractionsDeps): object {
  const { team, appId } = identities;
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
    team: { id: team.id, domain: team.domain },
    api_app_id: appId,
    token: "local",
    trigger_id: triggers.issue(person.id),
    enterprise: null,
    is_enterprise_install: false,
  };
}
