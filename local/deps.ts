import type { Environment, Logger } from "@gatehouse/service";
import type { LocalSettings } from "./settings.ts";

/** What every part of a local start works with. */
export interface LocalDeps {
  readonly settings: LocalSettings;
  readonly env: Environment;
  readonly loggerFor: (app: string) => Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Registers what ends a part; the last registered is stopped first. */
  readonly onStop: (stop: () => Promise<void>) => void;
  /** The bot cannot hear Slack any more and never will: the process should end. */
  readonly onFatal: () => void;
  /** A line about something that takes a while, for the terminal. `share` in [0, 1] where it is known. */
  readonly onProgress: (what: string, share?: number) => void;
}
