import type { Button, SectionBlock } from "@slack/types";
import { ACTIONS } from "../messages/action-ids.ts";
import { actions, button, context, header, type Message, type MessageBlock, section } from "../messages/blocks.ts";
import { clip, escapeMarkup } from "../messages/text.ts";
import { cardFields, shortClientId } from "./card-fields.ts";
import type { Banner } from "./card-messages.ts";
import type { AdminFacts } from "./facts.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

const SIGNS: Readonly<Record<Verdict["level"], string>> = { good: "🟢", warning: "🟠", bad: "🔴" };

/** The service token as its admins see it. Pure. */
export function adminCard(facts: AdminFacts, banner?: Banner): Message {
  const verdict = verdictOf(facts);
  const fields = cardFields(facts);
  const title = titleOf(facts);
  const lines = fields.map(({ name, lines: [first = ""] }) => `${name}: ${first}`);
  return {
    text: clip([banner?.text, `${escapeMarkup(title)}. ${verdict.text}`, ...lines].filter(Boolean).join("\n"), 3_900),
    blocks: [
      ...(banner === undefined ? [] : [section(banner.text)]),
      header(title),
      section(`${SIGNS[verdict.level]} ${verdict.text}`),
      fieldsSection(fields),
      actions([button(ACTIONS.adminRefresh, "Refresh", "admin"), ...rotateButton(facts)]),
      ...footer(facts),
    ],
  };
}

function titleOf({ token }: AdminFacts): string {
  return token.kind === "known" ? `Service token “${token.token.name}”` : "My service token";
}

function fieldsSection(fields: ReturnType<typeof cardFields>): SectionBlock {
  const cells = fields.map(({ name, lines }) => `*${name}*\n${lines.join("\n")}`);
  return { type: "section", fields: cells.map((text) => ({ type: "mrkdwn", text: clip(text, 2_000) })) };
}

function rotateButton({ rotation, token }: AdminFacts): Button[] {
  if (rotation.kind === "off" || token.kind !== "known") return [];
  const version = String(token.token.client_secret_version ?? "unknown");
  const words = rotation.unfinishedSince === undefined ? ROTATE : FINISH;
  const plain = (text: string) => ({ type: "plain_text" as const, text, emoji: false });
  const confirm = {
    title: plain(words.question),
    text: plain(CONFIRMATION),
    confirm: plain(words.yes),
    deny: plain("Not now"),
  };
  return [{ ...button(ACTIONS.adminRotate, words.label, version), confirm }];
}

const ROTATE = { label: "Rotate the secret …", question: "Rotate the secret?", yes: "Rotate" };
const FINISH = { label: "Finish the rotation …", question: "Finish the rotation?", yes: "Finish" };
const CONFIRMATION =
  "I get a new secret, write it into my file, prove it with a real request, and use it at once. The present one works for 24 hours more, for whoever else holds it.";

function footer({ clientId, token, rotation }: AdminFacts): MessageBlock[] {
  const lines = [
    clientId === undefined
      ? "My credentials cannot be read."
      : `Client id \`${escapeMarkup(shortClientId(clientId))}\``,
    ...(token.kind === "unconfigured" ? [UNCONFIGURED] : []),
    ...(token.kind !== "unconfigured" && rotation.kind === "off" ? [escapeMarkup(rotation.why)] : []),
  ];
  return lines.map((line) => context([line]));
}

const UNCONFIGURED =
  "Name, version and a Rotate button need an API token: set `CLOUDFLARE_API_TOKEN` with `CLOUDFLARE_ACCOUNT_ID`, or with `CLOUDFLARE_BASE_URL` for Gatehouse's gateway, and restart me.";
