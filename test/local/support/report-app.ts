import type { App } from "@slack/bolt";
import type { Block, ModalView } from "@slack/types";

const DAYS = ["Nov 16", "Nov 17", "Nov 18", "Nov 19", "Nov 20", "Nov 21", "Nov 22"];
const NOW = [412, 438, 451, 402, 467, 288, 301];
const BEFORE = [390, 401, 420, 415, 433, 270, 266];

const plain = (text: string) => ({ type: "plain_text", text }) as const;
const mrkdwn = (text: string) => ({ type: "mrkdwn", text }) as const;
const pointsOf = (values: readonly number[]) => values.map((value, index) => ({ label: DAYS[index] ?? "", value }));

const COUNTRIES: readonly (readonly [string, number, number])[] = [
  ["United States", 1021, 0.084],
  ["Germany", 507, -0.021],
  ["India", 398, 0.163],
  ["Brazil", 276, 0.051],
  ["Japan", 241, -0.006],
  ["France", 190, 0.032],
  ["Canada", 126, 0.011],
];

export const chart = {
  type: "data_visualization",
  title: "Signups per day",
  chart: {
    type: "line",
    series: [
      { name: "This week", data: pointsOf(NOW) },
      { name: "Week before", data: pointsOf(BEFORE) },
    ],
    axis_config: { categories: DAYS, x_label: "day", y_label: "signups" },
  },
};

export const pie = {
  type: "data_visualization",
  title: "Signups by plan",
  chart: {
    type: "pie",
    segments: [
      { label: "Free", value: 1830 },
      { label: "Pro", value: 702 },
      { label: "Team", value: 227 },
    ],
  },
};

const dataTable = {
  type: "data_table",
  caption: "Signups by country",
  page_size: 5,
  row_header_column_index: 0,
  rows: [
    ["Country", "Signups", "Change"].map((text) => ({ type: "raw_text", text })),
    ...COUNTRIES.map(([country, value, change]) => [
      { type: "raw_text", text: country },
      { type: "raw_number", value, text: value.toLocaleString("en") },
      { type: "raw_number", value: change, text: `${change > 0 ? "+" : "−"}${Math.abs(change * 100).toFixed(1)} %` },
    ]),
  ],
};

const actions = {
  type: "actions",
  block_id: "report",
  elements: [
    { type: "button", text: plain("Subscribe"), action_id: "subscribe", style: "primary" },
    { type: "button", text: plain("Last 30 days"), action_id: "period", value: "30d" },
    {
      type: "static_select",
      action_id: "breakdown",
      placeholder: plain("Break down by"),
      options: ["Country", "Plan", "Source"].map((name) => ({ text: plain(name), value: name.toLowerCase() })),
    },
    {
      type: "button",
      text: plain("Delete"),
      action_id: "delete",
      style: "danger",
      confirm: {
        title: plain("Delete this report?"),
        text: plain("It goes for everyone."),
        confirm: plain("Delete"),
        deny: plain("Keep"),
        style: "danger",
      },
    },
    {
      type: "overflow",
      action_id: "more",
      options: [
        { text: plain("Download CSV"), value: "csv" },
        { text: plain("Explain"), value: "explain" },
      ],
    },
  ],
};

/** A report with about every block that the bot sends in one message. */
export function reportBlocks(): Block[] {
  const blocks: object[] = [
    { type: "header", text: plain("Signups, last 7 days") },
    {
      type: "section",
      text: mrkdwn("*2,759* signups · :chart_with_upwards_trend: *+6.3 %* against the week before (2,595)"),
    },
    chart,
    dataTable,
    { type: "context", elements: [mrkdwn("Nov 16 – Nov 22 · UTC · data until 19:02 · asked by <@U0ADA>")] },
    actions,
    {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          action_id: "feedback",
          positive_button: { text: plain("Good answer"), value: "good" },
          negative_button: { text: plain("Bad answer"), value: "bad" },
        },
      ],
    },
  ];
  return blocks as Block[];
}

export const subscribeModal: ModalView = {
  type: "modal",
  callback_id: "subscription",
  title: plain("Subscribe to a report"),
  submit: plain("Subscribe"),
  close: plain("Cancel"),
  blocks: [
    { type: "section", text: mrkdwn("*Signups by country* will be posted on schedule.") },
    {
      type: "input",
      block_id: "name",
      label: plain("Name"),
      element: { type: "plain_text_input", action_id: "value", placeholder: plain("Weekly signups") },
    },
    {
      type: "input",
      block_id: "channel",
      label: plain("Channel"),
      element: { type: "conversations_select", action_id: "value", initial_conversation: "C0GROWTH" },
    },
    {
      type: "input",
      block_id: "rhythm",
      label: plain("How often"),
      element: {
        type: "radio_buttons",
        action_id: "value",
        initial_option: { text: plain("Every Monday"), value: "weekly" },
        options: [
          { text: plain("Every day"), value: "daily" },
          { text: plain("Every Monday"), value: "weekly" },
        ],
      },
    },
    {
      type: "input",
      block_id: "start",
      optional: true,
      label: plain("First report"),
      hint: plain("Default: the next one due."),
      element: { type: "datepicker", action_id: "value" },
    },
    {
      type: "input",
      block_id: "extras",
      optional: true,
      label: plain("Include"),
      element: {
        type: "checkboxes",
        action_id: "value",
        options: [
          { text: plain("The chart"), value: "chart" },
          { text: plain("The table"), value: "table" },
        ],
      },
    },
  ],
};

/** Listeners that show what the page can show. */
export function registerReports(app: App): void {
  app.command("/stats", async ({ command, ack, say, respond }) => {
    await ack();
    if (command.text === "help") await respond("Try `signups last 7 days by country`.");
    else await say({ text: "Signups, last 7 days: 2,759", blocks: reportBlocks() });
  });
  app.event("app_mention", async ({ event, say, setStatus }) => {
    await setStatus?.({ status: "is counting…" });
    if (!event.text.includes("slow")) await say({ text: "Active users: *8,120*", thread_ts: event.ts });
  });
  app.action("subscribe", async ({ ack, body, client }) => {
    await ack();
    if ("trigger_id" in body) await client.views.open({ trigger_id: body.trigger_id, view: subscribeModal });
  });
  app.action("delete", async ({ ack, respond }) => {
    await ack();
    await respond({ delete_original: true });
  });
  app.view("subscription", async ({ ack, view, client, body }) => {
    await ack();
    const name = view.state.values["name"]?.["value"]?.value ?? "";
    await client.chat.postMessage({
      channel: "C0GROWTH",
      text: `<@${body.user.id}> subscribed this channel to *${name}*`,
    });
  });
}
