import type { VNode } from "preact";
import { Image } from "../blocks/image.ts";
import { html } from "../html.ts";
import { Button } from "./button.ts";
import { Choices } from "./choices.ts";
import { Feedback, IconButton } from "./feedback.ts";
import type { Element as SlackElement } from "./host.ts";
import { Overflow } from "./overflow.ts";
import { Select } from "./select.ts";
import { TextField } from "./text-field.ts";

const VIEWS = {
  button: Button,
  overflow: Overflow,
  image: Image,
  feedback_buttons: Feedback,
  icon_button: IconButton,
  static_select: Select,
  users_select: Select,
  channels_select: Select,
  conversations_select: Select,
  multi_static_select: Choices,
  radio_buttons: Choices,
  checkboxes: Choices,
  plain_text_input: TextField,
  number_input: TextField,
  email_text_input: TextField,
  url_text_input: TextField,
  datepicker: TextField,
  timepicker: TextField,
} as const;

export interface ElementProps {
  readonly blockId: string;
  readonly element: SlackElement;
  /** In a form: the app hears of it on submission, not at once. */
  readonly isInput?: boolean;
}

/** Any element of a block, by its type. */
export function Element({ blockId, element, isInput = false }: ElementProps): VNode {
  const view = Object.hasOwn(VIEWS, element.type) ? VIEWS[element.type as keyof typeof VIEWS] : undefined;
  if (view === undefined) return html`<span class="unsupported">${element.type} is not shown here</span>`;
  return html`<${view} blockId=${blockId} element=${element} isInput=${isInput} />`;
}
