import type { HomeView } from "@slack/types";
import { exampleQuestions } from "../question/suggest.ts";
import type { Catalogue } from "../stats-api.ts";
import { ACTIONS } from "./action-ids.ts";
import { actions, button, context, header, section } from "./blocks.ts";
import { candidateActions } from "./candidates.ts";
import { metricLine } from "./help.ts";

/** A view takes 100 blocks. */
const MAX_METRICS = 80;

/** The Home tab: what this is, something to press, and what can be asked about. */
export function homeView(catalogue: Catalogue): HomeView {
  const examples = candidateActions(exampleQuestions(catalogue));
  const shown = catalogue.metrics.slice(0, MAX_METRICS);
  return {
    type: "home",
    blocks: [
      header(`Statistics of ${catalogue.product}`),
      section(
        "Ask in plain words: type `/stats` and your question in any channel, mention me, or write to me in the Messages tab. You get the number, how it changed, a chart and the figures behind it.",
      ),
      actions([button(ACTIONS.openReport, "Build a report", "home", "primary")]),
      section("*Try one of these.* The answer comes in the Messages tab."),
      ...examples,
      header("What you can ask about"),
      ...shown.map((metric) => section(metricLine(metric, catalogue))),
      context(["Numbers come live from the statistics app. I keep no copy of them."]),
    ],
  };
}

/** The Home tab while the catalogue cannot be had. */
export function homeProblemView(problem: string): HomeView {
  return { type: "home", blocks: [header("Statistics"), section(`⚠ ${problem}`)] };
}
