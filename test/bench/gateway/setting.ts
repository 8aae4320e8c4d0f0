import type { Program } from "./requirements.ts";

/** What every measurement of this benchmark gets. */
export interface Setting {
  readonly programs: Readonly<Record<Program, string>>;
  /** For configurations and databases; removed at the end. */
  readonly folder: string;
  readonly print: (line: string) => void;
}
