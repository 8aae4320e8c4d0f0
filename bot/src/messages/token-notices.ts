import type { SectionBlock } from "@slack/types";
import type { ExpiringToken, RotatedToken, TokenNotice } from "../notices/token-notice.ts";
import { context, header, type Message, section } from "./blocks.ts";
import { describeInstant } from "./dates.ts";

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** A notice as its admins read it: what happened, until when, and the one command that helps. */
export function tokenNoticeMessage(notice: TokenNotice, nowMs: number): Message {
  return notice.kind === "expiring" ? expiringMessage(notice, nowMs) : rotatedMessage(notice);
}

function expiringMessage({ clientId, expiresAt }: ExpiringToken, nowMs: number): Message {
  const leftMs = Date.parse(expiresAt) - nowMs;
  const title = `My service token ${leftMs > 0 ? `ends in ${timeLeft(leftMs)}` : "has ended"}`;
  const refresh = `npm run admin -- tokens refresh ${clientId}`;
  const effect =
    leftMs > 0
      ? `From ${date(expiresAt)} on I can answer no question, unless somebody makes it last longer.`
      : `Since ${date(expiresAt)} I can answer no question.`;
  return {
    text: `${title}, on ${plainDate(expiresAt)}. To make it last longer: ${refresh}`,
    blocks: [
      header(`${signOf(leftMs)} ${title}`),
      section(effect),
      facts([
        ["Ends", date(expiresAt)],
        ["Client ID", `\`${clientId}\``],
      ]),
      section(`*To make it last longer*\n\`\`\`${refresh}\`\`\`\nThe secret stays the same, and I need no restart.`),
      context([
        "A new secret too? `npm run admin -- tokens rotate --help` says how. How it stands: `/stats admin`. I say this once at 30, 7 and 1 days.",
      ]),
    ],
  };
}

function rotatedMessage({ clientId, at }: RotatedToken): Message {
  const title = "My service token has a new secret";
  return {
    text: `${title}. I took it up on ${plainDate(at)}, without a restart. If none of you rotated it, find out who did.`,
    blocks: [
      header(`🔑 ${title}`),
      section("I took it up without a restart, and the gateway lets me in with it. *There is nothing to do.*"),
      facts([
        ["Taken up", date(at)],
        ["Client ID", `\`${clientId}\``],
      ]),
      context([
        `None of you rotated it? The gateway's audit log says who did, and \`npm run admin -- tokens disable ${clientId}\` shuts it out at once. How it stands: \`/stats admin\`.`,
      ]),
    ],
  };
}

function facts(pairs: readonly (readonly [name: string, value: string])[]): SectionBlock {
  return { type: "section", fields: pairs.map(([name, value]) => ({ type: "mrkdwn", text: `*${name}*\n${value}` })) };
}

function signOf(leftMs: number): string {
  if (leftMs <= DAY_MS) return "🔴";
  return leftMs <= 7 * DAY_MS ? "🟠" : "🔔";
}

/** As people count: 6 days and 20 hours are 7 days; the last day goes by hours. */
function timeLeft(leftMs: number): string {
  if (leftMs > 1.5 * DAY_MS) return `${Math.round(leftMs / DAY_MS)} days`;
  const hours = Math.ceil(leftMs / HOUR_MS);
  return hours === 1 ? "less than an hour" : `${hours} hours`;
}

/** In the reader's time zone where Slack draws it. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function date(instant: string): string {
  return `<!date^${Math.floor(Date.parse(instant) / 1_000)}^{date_long}, {time}|${plainDate(instant)}>`;
}

function plainDate(instant: string): string {
  return `${describeInstant(instant, "UTC")} UTC`;
}
