import type { AdminApi } from "../api/admin-api.ts";
import type { ApiServiceToken } from "../api/service-token.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Journal } from "./journal.ts";
import type { Prove } from "./prove.ts";

export interface RotationPlan {
  readonly token: ApiServiceToken;
  /** How long the old secret works too, from now. */
  readonly overlapMs: number;
  readonly sink: Sink;
  /** A URL behind the gateway that the new secret must open. */
  readonly verifyUrl: URL | undefined;
  /** Whether to wait until nobody uses the old secret, and end the overlap then. */
  readonly waits: boolean;
  /** The old secret counts as unused when nobody has used it for so long. */
  readonly quietMs: number;
  /** Whether to rotate although an earlier rotation's old secret is in use, which is refused from then on. Default: no. */
  readonly isForced?: boolean;
}

export interface RotationDeps {
  readonly api: AdminApi;
  readonly journal: Journal;
  readonly prove: Prove;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** One line for each step that is done. */
  readonly say: (line: string) => void;
  /** What is being done now, as often as it changes; the next line of either kind takes its place. Default: nobody is told. */
  readonly showProgress?: (line: string) => void;
}
