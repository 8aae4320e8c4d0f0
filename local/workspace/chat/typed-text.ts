import type { Identities } from "../identities.ts";

const TOKENS =
  /(```[\s\S]*?```|`[^`\n]+`)|(https?:\/\/(?:(?!&[lg]t;)\S)*(?!&[lg]t;)[^\s.,;:!?)\]'"])|(?<![\w@])@([a-z][a-z0-9]*)|(?<![\w#&])#([a-z][a-z0-9]*)/g;

/**
 * Turns what a person typed into what Slack hands to apps: `&`, `<` and `>` as entities, `@stats` as `<@U…>`,
 * `#growth` as `<#C…|growth>`, addresses in angle brackets. Code stays as typed.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function encodeTypedText(text: string, identities: Identities): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(TOKENS, (match, code?: string, link?: string, handle?: string, channel?: string) => {
      if (code !== undefined) return match;
      if (link !== undefined) return `<${link}>`;
      if (handle !== undefined) return mentionOf(handle, identities) ?? match;
      const found = identities.channels.find(({ kind, name }) => kind === "channel" && name === channel);
      return found === undefined ? match : `<#${found.id}|${found.name}>`;
    });
}

function mentionOf(handle: string, { bot, people }: Identities): string | undefined {
  if (handle === "here" || handle === "channel" || handle === "everyone") return `<!${handle}>`;
  const id = handle === bot.name ? bot.id : people.find((person) => person.name === handle)?.id;
  return id === undefined ? undefined : `<@${id}>`;
}
