import type { StatsAnswer } from "./api.ts";

/** Saves the answer's series as CSV (RFC 4180), with the numbers as they are. */
export function downloadCsv(answer: StatsAnswer): void {
  const url = URL.createObjectURL(new Blob([csvOf(answer)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${answer.metric.name}-${answer.range.from.slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}

function csvOf({ series, metric, breakdown, comparison }: StatsAnswer): string {
  const groups = breakdown?.groups ?? [];
  const header = [
    "start",
    "end",
    metric.name,
    ...groups.map(({ title }) => title),
    ...(comparison === null ? [] : ["before"]),
  ];
  const rows = series.map(({ start, end, value }, index) => {
    const parts = groups.map((group) => group.series[index]?.value ?? "");
    const before = comparison === null ? [] : [comparison.series[index]?.value ?? ""];
    return [start, end, value ?? "", ...parts, ...before];
  });
  return [header, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** Quoted; and text that a spreadsheet would take for a formula is made harmless. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
