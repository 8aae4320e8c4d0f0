import { z } from "zod";
import { dataVisualization } from "./chart-schema.ts";
import {
  accessory,
  actionElement,
  button,
  contextElement,
  feedbackButtons,
  iconButton,
  imageElement,
  imageSource,
  inputElement,
} from "./element-schema.ts";
import { richText } from "./rich-text-schema.ts";
import { dataTable, table } from "./table-schema.ts";
import { anyText, blockId, mrkdwn, plainText } from "./text-schema.ts";

/** The blocks, with Slack's limits. https://docs.slack.dev/reference/block-kit/blocks */

const section = z
  .strictObject({
    type: z.literal("section"),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, "missing required field: text or fields");

const header = z.strictObject({
  type: z.literal("header"),
  block_id: blockId,
  text: plainText(150),
  level: z.int().min(1).max(6).optional(),
});
const divider = z.strictObject({ type: z.literal("divider"), block_id: blockId });
const context = z.strictObject({
  type: z.literal("context"),
  block_id: blockId,
  elements: z.array(contextElement).min(1).max(10),
});
const actions = z.strictObject({
  type: z.literal("actions"),
  block_id: blockId,
  elements: z.array(actionElement).min(1).max(25),
});
const contextActions = z.strictObject({
  type: z.literal("context_actions"),
  block_id: blockId,
  elements: z
    .array(z.discriminatedUnion("type", [feedbackButtons, iconButton]))
    .min(1)
    .max(5),
});
const image = z
  .strictObject({
    type: z.literal("image"),
    block_id: blockId,
    ...imageSource,
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
  })
  .refine(
    (one) => (one.image_url === undefined) !== (one.slack_file === undefined),
    "exactly one of image_url and slack_file must be given",
  );
const markdown = z.strictObject({
  type: z.literal("markdown"),
  block_id: blockId,
  text: z.string().min(1).max(12_000),
});
const alert = z.strictObject({
  type: z.literal("alert"),
  block_id: blockId,
  text: anyText(3000),
  level: z.enum(["default", "info", "warning", "error", "success"]).optional(),
});
const card = z.strictObject({
  type: z.literal("card"),
  block_id: blockId,
  hero_image: imageElement.optional(),
  icon: imageElement.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z.array(button).min(1).max(5).optional(),
});
const input = z.strictObject({
  type: z.literal("input"),
  block_id: blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});
const container = z
  .strictObject({
    type: z.literal("container"),
    block_id: blockId,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(z.discriminatedUnion("type", [actions, context, divider, header, image, input, richText, section, table]))
      .min(1)
      .max(10),
    width: z.enum(["narrow", "standard", "wide", "full"]).optional(),
    icon: imageElement.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine(
    (one) => (one.title === undefined) !== (one.rich_text_title === undefined),
    "exactly one of title and rich_text_title must be given",
  );

const everywhere = [section, header, divider, context, actions, image, input, richText, alert, container] as const;

export const messageBlock = z.discriminatedUnion("type", [
  ...everywhere,
  contextActions,
  markdown,
  table,
  dataTable,
  dataVisualization,
  card,
]);
/** Modals and home tabs take neither charts nor data tables. */
export const viewBlock = z.discriminatedUnion("type", [...everywhere, markdown, table]);
