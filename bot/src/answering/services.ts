import type { Logger } from "@gatehouse/service";
import type { AdminConsole } from "../admin/console.ts";
import type { Audiences } from "../audience.ts";
import type { CatalogueCache } from "../catalogue-cache.ts";
import type { Duplicates } from "../duplicates.ts";
import type { Jobs } from "../jobs.ts";
import type { StatsClient } from "../stats-client.ts";
import type { ThreadMemory } from "../thread-memory.ts";

/** What every listener works with. */
export interface Services {
  readonly catalogue: CatalogueCache;
  readonly stats: Pick<StatsClient, "query">;
  readonly audiences: Audiences;
  readonly memory: ThreadMemory;
  readonly duplicates: Duplicates;
  readonly jobs: Jobs;
  readonly admin: Pick<AdminConsole, "answer" | "rotate" | "isAdmin">;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
