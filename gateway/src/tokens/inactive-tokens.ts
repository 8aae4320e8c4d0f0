import type { Logger } from "@gatehouse/service";
import { BY_SYSTEM } from "../audit/event.ts";
import { GatewayError } from "../errors.ts";
import type { Organization } from "../policies/model.ts";
import type { Referrer } from "../policies/referrers.ts";
import type { Store } from "../store/store.ts";
import type { ServiceTokens } from "./service-tokens.ts";

/** Disables or deletes, as the organization asks, the service tokens that nobody used for long and that no rule names. */
export interface InactiveTokens {
  /** Looks once. Several gateways may do so at the same time. */
  sweep(): Promise<void>;
  close(): void;
}

export interface InactiveTokensDeps {
  readonly store: Store;
  readonly tokens: Pick<ServiceTokens, "update" | "delete">;
  readonly referrersOf: (tokenId: string) => readonly Referrer[];
  readonly setting: () => Organization["tokenInactivity"];
  readonly logger: Logger;
  readonly now: () => number;
}

const SWEEP_INTERVAL_MS = 3_600_000;

export function createInactiveTokens(deps: InactiveTokensDeps): InactiveTokens {
  const sweep = async () => {
    const setting = deps.setting();
    if (setting === null) return;
    for (const { id, name } of await readInactive(deps, setting)) {
      if (deps.referrersOf(id).length > 0) continue;
      await end(deps, id, setting.action);
      deps.logger.info({ name, id, action: setting.action }, "a service token that nobody uses has ended");
    }
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => deps.logger.warn({ err: error }, "inactive service tokens were not looked for"));
  }, SWEEP_INTERVAL_MS).unref();
  return { sweep, close: () => clearInterval(timer) };
}

/** A change counts as use: a token that an admin has just enabled is not disabled by the next sweep. */
function readInactive(
  { store, now }: InactiveTokensDeps,
  { action, thresholdMs }: NonNullable<Organization["tokenInactivity"]>,
) {
  const horizon = new Date(now() - thresholdMs).toISOString();
  const unused = store
    .selectFrom("service_tokens")
    .select(["id", "name"])
    .where("updated_at", "<", horizon)
    .where((is) => is.or([is("last_seen_at", "is", null), is("last_seen_at", "<", horizon)]));
  return (action === "disable" ? unused.where("is_enabled", "=", 1) : unused).execute();
}

async function end({ tokens }: InactiveTokensDeps, id: string, action: "disable" | "delete"): Promise<void> {
  try {
    if (action === "delete") await tokens.delete(id, BY_SYSTEM);
    else await tokens.update(id, { isEnabled: false }, BY_SYSTEM);
  } catch (error) {
    // Another gateway, or an admin, was faster.
    if (!(error instanceof GatewayError)) throw error;
  }
}
