import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DataTableBlock,
  HeaderBlock,
  KnownBlock,
  SectionBlock,
  StaticSelect,
} from "@slack/types";
import { clip } from "./text.ts";

/** Slack's native chart, which @slack/types 3.2 does not know yet. https://docs.slack.dev/reference/block-kit/blocks */
export interface ChartBlock {
  readonly type: "data_visualization";
  readonly title: string;
  readonly chart: {
    readonly type: "line" | "bar";
    readonly series: readonly ChartSeries[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label?: string;
      readonly y_label?: string;
    };
  };
}

export interface ChartSeries {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number }[];
}

export type MessageBlock = KnownBlock | ChartBlock;

/** What is posted. `text` stands alone: notifications, screen readers and old clients show only it. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
}

export function header(text: string): HeaderBlock {
  return { type: "header", text: { type: "plain_text", text: clip(text, 150), emoji: false } };
}

/** `text` is mrkdwn: whatever came from elsewhere in it must have been escaped. */
export function section(text: string, accessory?: Button): SectionBlock {
  return { type: "section", text: { type: "mrkdwn", text: clip(text, 3_000) }, ...(accessory && { accessory }) };
}

/** `lines` are mrkdwn. */
export function context(lines: readonly string[]): ContextBlock {
  return { type: "context", elements: lines.slice(0, 10).map((text) => ({ type: "mrkdwn", text: clip(text, 2_000) })) };
}

export function actions(elements: ActionsBlock["elements"]): ActionsBlock {
  return { type: "actions", elements };
}

export function button(actionId: string, label: string, value: string, style?: "primary"): Button {
  return {
    type: "button",
    action_id: actionId,
    text: { type: "plain_text", text: clip(label, 75), emoji: false },
    value,
    ...(style && { style }),
  };
}

export function select(
  actionId: string,
  placeholder: string,
  options: readonly { label: string; value: string }[],
): StaticSelect {
  return {
    type: "static_select",
    action_id: actionId,
    placeholder: { type: "plain_text", text: clip(placeholder, 150), emoji: false },
    options: options
      .filter(({ value }) => value.length <= MAX_OPTION_VALUE)
      .slice(0, 100)
      .map(({ label, value }) => ({ text: { type: "plain_text", text: clip(label, 75), emoji: false }, value })),
  };
}

/** An option whose value Slack would refuse is left out: the same can be asked in words. */
const MAX_OPTION_VALUE = 150;

export type Cell = DataTableBlock["rows"][number][number];
