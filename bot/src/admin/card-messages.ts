import { type Message, section } from "../messages/blocks.ts";
import { escapeMarkup, listed } from "../messages/text.ts";
import type { RotationOutcome } from "./token-rotation.ts";

/** What stands above a card: how the last press ended. */
export interface Banner {
  /** mrkdwn. */
  readonly text: string;
}

/** More names than this help nobody. */
const MAX_NAMED = 10;

/** To whoever is no admin: who is, and nothing else. */
export function adminsOnlyMessage(admins: readonly string[]): Message {
  const names = listed(
    admins.slice(0, MAX_NAMED).map((id) => `<@${id}>`),
    "or",
  );
  const text =
    admins.length === 0
      ? "This is for my admins, and nobody is one yet: whoever runs me can name them in `BOT_ADMINS`. Everything else works for you: try `help`."
      : `This is for my admins. Please ask ${names}. Everything else works for you: try \`help\`.`;
  return { text, blocks: [section(`🔒 ${text}`)] };
}

/** While a rotation runs. */
export function rotatingMessage(): Message {
  const text =
    "Rotating the secret: a new one is made, written, proven and taken up. The old one goes on working. This takes a few seconds …";
  return { text, blocks: [section(`⏳ ${text}`)] };
}

export function rotatedBanner(outcome: RotationOutcome, userId: string): Banner {
  if (outcome.kind === "impossible") return { text: `ℹ️ *Nothing was done.* ${outcome.why}` };
  if (outcome.kind === "rotated_before") {
    return { text: "ℹ️ *Nothing was done*: the secret was rotated since you saw it. Below is how it is now." };
  }
  const proof = `*Rotated* by <@${userId}>. The new secret is in my file and opened the gate in a real request`;
  return outcome.isInUse
    ? { text: `✅ ${proof}, and I use it already. The old one works for another day.` }
    : { text: `⚠️ ${proof}, but I have not taken it up yet; see my log. The old one works for another day.` };
}

export function stoppedBanner(problem: string): Banner {
  return { text: `⚠️ *The rotation stopped.* ${escapeMarkup(problem)}` };
}
