import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90s`, `30m`, `24h` or `7d` into milliseconds. @throws {InvalidArgumentError} */
export function parseLength(text: string): number {
  const [, amount = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const lengthMs = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (amount === "" || !Number.isFinite(lengthMs)) {
    throw new InvalidArgumentError("It must be a number with s, m, h or d: 30m, 24h, 7d.");
  }
  return lengthMs;
}
