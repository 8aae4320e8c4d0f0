import type { Change, MetricInfo } from "../stats-api.ts";

type Formatted = Pick<MetricInfo, "format" | "unit">;

const SHORT_UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    minutes: "min",
    minute: "min",
    seconds: "s",
    second: "s",
    hours: "h",
    hour: "h",
    milliseconds: "ms",
  }),
);

/** From here on cents say nothing. */
const WHOLE_MONEY_FROM = 1_000;

/** A number as people write it: `1,234`, `12.3 %`, `$4,567`, `3.4 min`. The unit is left out where the metric's title says it. */
export function formatValue(value: number | null, { format, unit }: Formatted): string {
  if (value === null) return "no events";
  switch (format) {
    case "integer":
      return decimal(value, 0);
    case "decimal":
      return [
        decimal(value, Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 10 ? 1 : 2),
        SHORT_UNITS.get(unit) ?? unit,
      ]
        .join(" ")
        .trim();
    case "percent":
      return formatShare(value);
    case "currency":
      return money(value, unit);
  }
}

/** `12.3 %` */
export function formatShare(ratio: number): string {
  return `${decimal(ratio * 100, 1)} %`;
}

function decimal(value: number, digits: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace(/^-0$/, "0");
}

function money(value: number, unit: string): string {
  const digits = Math.abs(value) >= WHOLE_MONEY_FROM ? 0 : 2;
  try {
    const style = {
      style: "currency",
      currency: unit,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    } as const;
    return value.toLocaleString("en-US", style);
  } catch {
    return `${decimal(value, digits)} ${unit}`.trim();
  }
}

/** `▲ 12.3 %`, `▼ 1.2 points`, `no change`; nothing where there is nothing to compare. */
export function formatChange(change: Change, metric: Formatted): string | undefined {
  const { absolute, ratio } = change;
  if (absolute === null) return undefined;
  if (absolute === 0) return "no change";
  const arrow = absolute > 0 ? "▲" : "▼";
  if (metric.format === "percent") return `${arrow} ${hundredths(absolute)} points`;
  if (ratio === null) return `${arrow} ${formatValue(Math.abs(absolute), metric)}`;
  return `${arrow} ${hundredths(ratio)} %`;
}

/** The size as a number of hundredths. What rounds to nothing is no "0" beside an arrow. */
function hundredths(value: number): string {
  const size = Math.abs(value) * 100;
  return size < 0.05 ? "under 0.1" : decimal(size, 1);
}

/** `+135`, `−$20`: the difference itself; nothing for a rate, whose change is the difference. */
export function formatDifference(absolute: number, metric: Formatted): string | undefined {
  if (metric.format === "percent") return undefined;
  return `${absolute > 0 ? "+" : "−"}${formatValue(Math.abs(absolute), metric)}`;
}

/** Whether a change is good news, which differs by metric: an arrow up is not always. */
export function moodOf(absolute: number, { isLowerBetter }: Pick<MetricInfo, "isLowerBetter">): "better" | "worse" {
  return absolute > 0 === isLowerBetter ? "worse" : "better";
}
