import { z } from "zod";
import { actionId, anyText, confirmation, option, optionGroup, plainText } from "./text-schema.ts";

/** Interactive elements, with Slack's limits. https://docs.slack.dev/reference/block-kit/block-elements */

const placeholder = plainText(150).optional();
const focus = z.boolean().optional();
const confirm = confirmation.optional();
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const time = z.string().regex(/^\d{2}:\d{2}$/);

export const button = z.strictObject({
  type: z.literal("button"),
  text: plainText(75),
  action_id: actionId,
  url: z.url().max(3000).optional(),
  value: z.string().max(2000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
});

const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const select = { action_id: actionId, placeholder, confirm, focus_on_load: focus };
const many = { ...select, max_selected_items: z.int().min(1).optional() };
const oneList = "exactly one of options and option_groups must be given";

const staticSelect = z
  .strictObject({ type: z.literal("static_select"), ...select, ...choices, initial_option: option.optional() })
  .refine(hasOneList, oneList);
const multiStaticSelect = z
  .strictObject({
    type: z.literal("multi_static_select"),
    ...many,
    ...choices,
    initial_options: z.array(option).min(1).max(100).optional(),
  })
  .refine(hasOneList, oneList);

function hasOneList(element: { options?: unknown; option_groups?: unknown }): boolean {
  return (element.options === undefined) !== (element.option_groups === undefined);
}

const conversationsSelect = z.strictObject({
  type: z.literal("conversations_select"),
  ...select,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: z.looseObject({}).optional(),
});
const channelsSelect = z.strictObject({
  type: z.literal("channels_select"),
  ...select,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});
const usersSelect = z.strictObject({
  type: z.literal("users_select"),
  ...select,
  initial_user: z.string().optional(),
});

const overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: actionId,
  options: z.array(option).min(1).max(5),
  confirm,
});

const datepicker = z.strictObject({ type: z.literal("datepicker"), ...select, initial_date: date.optional() });
const timepicker = z.strictObject({
  type: z.literal("timepicker"),
  ...select,
  initial_time: time.optional(),
  timezone: z.string().optional(),
});

const listed = { action_id: actionId, options: z.array(option).min(1).max(10), confirm, focus_on_load: focus };
const radioButtons = z.strictObject({
  type: z.literal("radio_buttons"),
  ...listed,
  initial_option: option.optional(),
});
const checkboxes = z.strictObject({
  type: z.literal("checkboxes"),
  ...listed,
  initial_options: z.array(option).min(1).max(10).optional(),
});

const typed = {
  action_id: actionId,
  placeholder,
  focus_on_load: focus,
  dispatch_action_config: z.looseObject({}).optional(),
};
const plainTextInput = z.strictObject({
  type: z.literal("plain_text_input"),
  ...typed,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
});
const numberInput = z.strictObject({
  type: z.literal("number_input"),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const emailInput = z.strictObject({
  type: z.literal("email_text_input"),
  ...typed,
  initial_value: z.string().optional(),
});
const urlInput = z.strictObject({ type: z.literal("url_text_input"), ...typed, initial_value: z.string().optional() });

const slackFile = z.union([z.strictObject({ id: z.string() }), z.strictObject({ url: z.string() })]);

/** The image inside sections and contexts. */
export const imageElement = z.strictObject({
  type: z.literal("image"),
  image_url: z.url().max(3000).optional(),
  slack_file: slackFile.optional(),
  alt_text: z.string().min(1).max(2000),
});

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
});
export const feedbackButtons = z.strictObject({
  type: z.literal("feedback_buttons"),
  action_id: actionId,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
});
export const iconButton = z.strictObject({
  type: z.literal("icon_button"),
  icon: z.enum(["trash"]),
  text: plainText(75),
  action_id: actionId,
  value: z.string().max(2000).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
  visible_to_user_ids: z.array(z.string()).optional(),
});

const selects = [staticSelect, multiStaticSelect, conversationsSelect, channelsSelect, usersSelect] as const;
const pickers = [datepicker, timepicker, radioButtons, checkboxes] as const;

export const actionElement = z.discriminatedUnion("type", [button, overflow, ...selects, ...pickers]);
export const accessory = z.discriminatedUnion("type", [button, overflow, imageElement, ...selects, ...pickers]);
export const inputElement = z.discriminatedUnion("type", [
  plainTextInput,
  numberInput,
  emailInput,
  urlInput,
  ...selects,
  ...pickers,
]);
export const contextElement = z.union([imageElement, anyText(3000)]);
export const imageSource = { image_url: imageElement.shape.image_url, slack_file: imageElement.shape.slack_file };
