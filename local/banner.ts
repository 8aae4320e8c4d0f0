import type { RunningLocal } from "./start.ts";

export interface BannerOptions {
  readonly running: Omit<RunningLocal, "stop">;
  readonly logPath: string;
  readonly elapsedMs: number;
  readonly isColoured: boolean;
}

/** What the terminal shows once everything runs: where to go, and three things to try. */
export function renderBanner({ running, logPath, elapsedMs, isColoured }: BannerOptions): string {
  const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [bold, dim, cyan] = [paint(1), paint(2), paint(36)];
  const { chatUrl, dashboardUrl, adminUrl, statsUrl } = running;
  const where = chatUrl === undefined ? "In your Slack" : "In the chat page";
  const examples = [
    "/stats signups last 7 days by country vs previous week",
    "@stats how many active users last month?",
    "@stats revenue this quarter by plan",
  ];
  const lines = [
    `${bold("Gatehouse is ready")} ${dim(`(${(elapsedMs / 1_000).toFixed(1)} s)`)}`,
    "",
    `  Chat       ${chatUrl === undefined ? "your Slack workspace" : cyan(chatUrl)}`,
    `  Dashboard  ${dashboardUrl === undefined ? cyan(statsUrl) : `${cyan(dashboardUrl)}  ${dim("log in as anyone; no password")}`}`,
    ...(adminUrl === undefined ? [] : [`  Admin      ${cyan(adminUrl)}`]),
    "",
    `${where}, try`,
    ...examples.map((example) => `  ${example}`),
    "",
    dim(`Ctrl-C stops everything. Log: ${logPath}`),
    "",
  ];
  return `\n${lines.join("\n")}\n`;
}
