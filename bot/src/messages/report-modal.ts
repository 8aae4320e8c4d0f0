import type { InputBlock, ModalView, PlainTextElement, StaticSelect } from "@slack/types";
import type { Catalogue, MetricInfo } from "../stats-api.ts";
import { ACTIONS, CALLBACKS } from "./action-ids.ts";
import { PERIOD_OPTIONS } from "./answer-actions.ts";
import { context, section, select } from "./blocks.ts";
import { clip } from "./text.ts";

/** Names of the modal's inputs. `value` is the action id of each but the metric's. */
const FIELDS = {
  metric: "metric",
  period: "period",
  breakdown: "breakdown",
  compare: "compare",
  channel: "channel",
  value: "value",
} as const;

const COMPARISONS = [
  { label: "The period before", value: "vs previous period" },
  { label: "The same period a year before", value: "vs same period last year" },
  { label: "Nothing", value: "no comparison" },
];

const plain = (text: string): PlainTextElement => ({ type: "plain_text", text, emoji: false });

const FRAME = {
  type: "modal",
  callback_id: CALLBACKS.report,
  title: plain("Build a report"),
  close: plain("Cancel"),
} as const;

/** Shown at once while the catalogue is on its way: Slack gives three seconds to open a modal. */
export function loadingModal(): ModalView {
  return { ...FRAME, blocks: [section("Fetching the list of metrics …")] };
}

export function modalProblem(text: string): ModalView {
  return { ...FRAME, blocks: [section(`⚠ ${text}`)] };
}

/** The report builder. What can be broken down by follows the chosen metric. */
export function reportModal(catalogue: Catalogue, metricName?: string, channelId?: string): ModalView {
  const metric = catalogue.metrics.find(({ name }) => name === metricName) ?? catalogue.metrics[0];
  if (metric === undefined) return modalProblem("There are no metrics yet.");
  return {
    ...FRAME,
    submit: plain("Show"),
    blocks: [
      metricInput(catalogue, metric),
      input(FIELDS.period, "Period", withInitial(choices("Choose a period", PERIOD_OPTIONS), "last 30 days")),
      ...breakdownInput(catalogue, metric),
      input(
        FIELDS.compare,
        "Compare with",
        withInitial(choices("Choose a comparison", COMPARISONS), "vs previous period"),
      ),
      channelInput(channelId),
      context(["Without a channel, the report comes to you alone."]),
    ],
  };
}

function metricInput({ metrics }: Catalogue, metric: MetricInfo): InputBlock {
  const options = metrics.map(({ name, title }) => ({ label: title, value: name }));
  const element = withInitial(select(ACTIONS.reportMetric, "Choose a metric", options), metric.name);
  return { type: "input", block_id: FIELDS.metric, label: plain("Metric"), element, dispatch_action: true };
}

/** The block's id names the metric, so that a choice made for another metric is forgotten. */
function breakdownInput({ dimensions }: Catalogue, metric: MetricInfo): InputBlock[] {
  const own = dimensions.filter(({ name }) => metric.dimensions.includes(name));
  if (own.length === 0) return [];
  const options = own.map(({ name, title }) => ({ label: title, value: name }));
  return [input(clip(`${FIELDS.breakdown}:${metric.name}`, 255), "Break down by", choices("Nothing", options), true)];
}

function channelInput(channelId: string | undefined): InputBlock {
  return {
    type: "input",
    block_id: FIELDS.channel,
    label: plain("Post to"),
    optional: true,
    element: {
      type: "conversations_select",
      action_id: FIELDS.value,
      placeholder: plain("Only me"),
      filter: { include: ["public", "private"], exclude_bot_users: true, exclude_external_shared_channels: true },
      ...(channelId !== undefined && { initial_conversation: channelId }),
    },
  };
}

function choices(placeholder: string, options: readonly { label: string; value: string }[]): StaticSelect {
  return select(FIELDS.value, placeholder, options);
}

function withInitial(element: StaticSelect, value: string): StaticSelect {
  const initial = element.options?.find((option) => option.value === value);
  return initial === undefined ? element : { ...element, initial_option: initial };
}

function input(blockId: string, label: string, element: StaticSelect, isOptional = false): InputBlock {
  return { type: "input", block_id: blockId, label: plain(label), element, optional: isOptional };
}

/** What a submitted modal holds, as Slack sends it. */
export type ModalState = Readonly<
  Record<
    string,
    Readonly<Record<string, { selected_option?: { value: string } | null; selected_conversation?: string | null }>>
  >
>;

/** A submitted modal as a question, and where the answer goes. */
export function readReport(state: ModalState): { question: string; channelId: string | undefined } {
  const inputs = Object.entries(state);
  const chosen = (field: string): string | undefined => {
    const found = inputs.find(([blockId]) => blockId === field || blockId.startsWith(`${field}:`))?.[1];
    return Object.values(found ?? {})[0]?.selected_option?.value;
  };
  const breakdown = chosen(FIELDS.breakdown);
  const parts = [chosen(FIELDS.metric), chosen(FIELDS.period), breakdown && `by ${breakdown}`, chosen(FIELDS.compare)];
  return {
    question: parts.filter((part) => part !== undefined).join(" "),
    channelId: state[FIELDS.channel]?.[FIELDS.value]?.selected_conversation ?? undefined,
  };
}
