import type { VNode } from "preact";
import type { Channel } from "../model.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";

/** The beginning of a channel: what it is for and what to try. */
export function EmptyChannel({ channel, isCompact }: { channel: Channel; isCompact: boolean }): VNode {
  const { state, suggest } = usePage();
  const { bot, examples } = state.workspace;
  const isDirect = channel.kind === "im";
  const prompts = state.prompts[channel.id];
  const offered = prompts?.prompts ?? examples.map((example) => ({ title: example, message: example }));
  return html`<section class="empty ${isCompact ? "compact" : ""}">
    <h2>${isDirect ? `Ask ${bot.name} anything about the numbers` : `Welcome to #${channel.name}`}</h2>
    <p>${isDirect ? "Only the two of you read this. No command needed: just ask." : `${channel.topic}.`}</p>
    <p class="empty-lead">${prompts?.title ?? "Try one of these:"}</p>
    <div class="suggestions">
      ${offered.map(({ title, message }) => html`<button type="button" class="suggestion" key=${title} onClick=${() => suggest(isDirect ? spoken(message) : message)}>${isDirect ? spoken(title) : title}</button>`)}
    </div>
  </section>`;
}

/** In direct messages nobody needs to be called by name. */
function spoken(text: string): string {
  return text.replace(/^@\w+\s+/, "");
}
