import { exampleQuestions } from "../question/suggest.ts";
import type { Catalogue, MetricInfo } from "../stats-api.ts";
import { ACTIONS } from "./action-ids.ts";
import { actions, button, context, header, type Message, section } from "./blocks.ts";
import { candidateActions } from "./candidates.ts";
import { clip, escapeMarkup } from "./text.ts";

const HOW_TO = [
  "*Ask in plain words*, with `/stats`, by mentioning me, or in a direct message:",
  "a metric, and if you like a period, a breakdown, a filter and a comparison.",
].join(" ");

const PARTS = [
  "*Period*: `last 7 days`, `this month`, `Q3 2026`, `since March`, `from 1 March to 15 April`, `yesterday per hour`",
  "*Breakdown*: `by country`, `top 5 channels`, `per week`",
  "*Filter*: `in Germany`, `for web users`, `plan = pro, team`, `excluding paid`",
  "*Comparison*: `vs previous period`, `vs last year`",
].join("\n");

const RULES =
  "“Last 7 days” are the seven complete days up to yesterday. Without a period I take the last 30 days. I always say which dates I used.";

const MAX_TEXT = 3_900;

/** `/stats help`. */
export function helpMessage(catalogue: Catalogue): Message {
  const examples = exampleQuestions(catalogue);
  return {
    text: clip(
      `I answer questions about ${escapeMarkup(catalogue.product)}. Try: ${examples.map(({ question }) => escapeMarkup(question)).join(" · ")}`,
      MAX_TEXT,
    ),
    blocks: [
      header(`Statistics of ${catalogue.product}`),
      section(HOW_TO),
      section(PARTS),
      ...candidateActions(examples),
      context([`${RULES} Type \`metrics\` for the list of metrics; if you look after me, \`admin\`.`]),
    ],
  };
}

/** Sections of one message; more metrics than this go on in the report builder. */
const MAX_LISTED = 40;

/** `/stats metrics`. */
export function metricsMessage(catalogue: Catalogue): Message {
  const shown = catalogue.metrics.slice(0, MAX_LISTED);
  const more = catalogue.metrics.length - shown.length;
  return {
    text: clip(`Metrics: ${shown.map((metric) => escapeMarkup(metric.title)).join(", ")}`, MAX_TEXT),
    blocks: [
      header(`Metrics of ${catalogue.product}`),
      ...shown.map((metric) => section(metricLine(metric, catalogue))),
      ...(more > 0 ? [context([`and ${more} more in the report builder`])] : []),
      actions([button(ACTIONS.openReport, "Build a report", "all")]),
    ],
  };
}

/** One metric in mrkdwn: its title, what it counts, what it can be split by. */
export function metricLine({ title, description, aliases, dimensions }: MetricInfo, catalogue: Catalogue): string {
  const titles = dimensions.map(
    (name) => catalogue.dimensions.find((dimension) => dimension.name === name)?.title ?? name,
  );
  const lines = [
    `*${escapeMarkup(title)}*${aliases.length === 0 ? "" : ` (also: ${escapeMarkup(aliases.join(", "))})`}`,
    escapeMarkup(clip(description, 500)),
    titles.length === 0 ? "" : `_by ${escapeMarkup(titles.join(", "))}_`,
  ];
  return lines.filter((line) => line !== "" && line !== "–").join("\n");
}
