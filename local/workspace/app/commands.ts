import type { Chat } from "../chat/chat.ts";
import type { Identities } from "../identities.ts";
import type { Channel, Person } from "../model.ts";
import type { Deliveries, Outcome } from "./deliveries.ts";
import { applyReply, type ReplyTarget } from "./replies.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { Triggers } from "./triggers.ts";

export interface CommandsDeps {
  readonly identities: Identities;
  readonly deliveries: Pick<Deliveries, "ask">;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly chat: Chat;
  /** The workspace's address, without a slash at the end. */
  readonly baseUrl: () => string;
}

export interface CommandCall {
  readonly person: Person;
  readonly channel: Channel;
  /** `/stats`. */
  readonly command: string;
  /** What follows, mentions encoded. */
  readonly text: string;
}

/**
 * Sends a slash command to the app and resolves when it is settled: undefined, or Slack's name for what went wrong.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export async function runCommand(call: CommandCall, deps: CommandsDeps): Promise<string | undefined> {
  const { identities, chat } = deps;
  const target: ReplyTarget = { channel: call.channel.id, personId: call.person.id };
  const outcome = await deps.deliveries.ask("slash_commands", {
    token: "local",
    team_id: identities.team.id,
    team_domain: identities.team.domain,
    channel_id: call.channel.id,
    channel_name: call.channel.kind === "im" ? "directmessage" : call.channel.name,
    user_id: call.person.id,
    user_name: call.person.name,
    command: call.command,
    text: call.text,
    api_app_id: identities.appId,
    is_enterprise_install: "false",
    response_url: deps.baseUrl() + deps.responseUrls.issue(target),
    trigger_id: deps.triggers.issue(call.person.id),
  });
  const failure = failureOf(outcome);
  if (failure !== undefined || typeof outcome === "string" || isEmpty(outcome.ack)) return failure;
  return applyReply(outcome.ack, target, { chat, botUserId: identities.bot.id });
}

/** Slack's words for an app that did not answer. */
export function failureOf(outcome: Outcome): "operation_timeout" | "dispatch_failed" | undefined {
  if (outcome === "timeout") return "operation_timeout";
  return outcome === "unreachable" ? "dispatch_failed" : undefined;
}

function isEmpty(payload: object): boolean {
  return Object.keys(payload).length === 0;
}
