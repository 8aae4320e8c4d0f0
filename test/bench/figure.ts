/** One measured number with the bound it must keep. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Whether more or less is better. */
  readonly better: "more" | "less";
  /** The bound that fails the run. */
  readonly floor: number;
  readonly aim: number;
}

/** What a file in test/bench exports as `bench`. */
export interface Bench {
  /** What is measured against what, in a sentence. */
  readonly about: string;
  /** Measures, product and peer interleaved in this one run; prints its own table through `print`. */
  run(print: (line: string) => void): Promise<readonly Figure[]>;
}

export function isUnderFloor({ value, floor, better }: Figure): boolean {
  return better === "more" ? !(value >= floor) : !(value <= floor);
}

export function formatFigure({ name, value, unit, floor, aim }: Figure): string {
  const suffix = unit === "" ? "" : ` ${unit}`;
  return `${name}: ${round(value)}${suffix} (floor ${floor}${suffix}, aim ${aim}${suffix})`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
