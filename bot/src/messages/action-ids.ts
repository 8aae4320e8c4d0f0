/** Names by which Slack tells us what was pressed. Several buttons of one kind get a number behind a colon. */
export const ACTIONS = {
  /** Value: a question to ask. */
  ask: "ask",
  /** Value: the question to ask again. */
  refresh: "refresh",
  /** Value: words that follow up the message's question. */
  changePeriod: "change_period",
  changeBreakdown: "change_breakdown",
  openReport: "open_report",
  /** In the modal: the choice of a metric changes what it can be broken down by. */
  reportMetric: "report_metric",
  adminRefresh: "admin_refresh",
  /** Value: the version of the secret that the card shows; `unknown` where the API does not tell. */
  adminRotate: "admin_rotate",
} as const;

export const CALLBACKS = {
  /** The modal. */
  report: "report",
  /** The global shortcut. */
  buildReport: "build_report",
} as const;
