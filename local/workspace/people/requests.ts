import { z } from "zod";

/** Bodies and queries of the page's own API. Every one says as whom (`as`): the workspace has no log-in. */

const as = z.string().max(40);
const channel = z.string().max(40);
const ts = z.string().max(40);
const values = z.array(z.string().max(4000)).max(100);
const state = z.record(z.string().max(255), z.record(z.string().max(255), values));
const use = z.strictObject({ blockId: z.string().max(255), actionId: z.string().max(255), values, state });

export const stateQuery = z.object({ as });
export const messagesQuery = z.object({ as, channel, before: ts.optional() });
export const threadQuery = z.object({ as, channel, ts });

export const postBody = z.strictObject({
  as,
  channel,
  text: z.string().trim().min(1).max(12_000),
  threadTs: ts.optional(),
});
export const commandBody = z.strictObject({ as, channel, text: z.string().trim().startsWith("/").max(4000) });
export const useBody = z.union([
  z.strictObject({ as, channel, ts, use }),
  z.strictObject({ as, viewId: z.string().max(40), use }),
]);
export const submissionBody = z.strictObject({ as, viewId: z.string().max(40), state });
export const closingBody = z.strictObject({ as, viewId: z.string().max(40) });
export const openingBody = z.strictObject({ as, tab: z.enum(["home", "messages"]) });
export const readBody = z.strictObject({ as, channel, ts });
export const reactionBody = z.strictObject({
  as,
  channel,
  ts,
  name: z.string().regex(/^[a-z0-9_+-]{1,60}$/),
  isAdded: z.boolean(),
});
export const faultBody = z.strictObject({ name: z.enum(["duplicates", "lateAcks", "rateLimits", "disconnect"]) });
