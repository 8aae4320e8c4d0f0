import type { StoreTrust } from "../store/store-trust.ts";

/** What readiness looks at; all of it from memory, so that a probe costs nothing. */
export interface ReadinessFacts {
  readonly storeTrust: StoreTrust;
  /** 0 while the store answers. */
  readonly storeStaleForMs: number;
  readonly applications: number;
  /** Parts of the configuration that cannot be used; each refuses everyone, alone. */
  readonly configurationProblems: number;
  /** Null: there is none. */
  readonly signingKeyId: string | null;
  readonly isDraining: boolean;
}

/** The body of `/readyz`. */
export interface Readiness {
  readonly status: "ready" | "not_ready";
  readonly checks: {
    /** `grace`: the store does not answer, and known tokens and sessions are believed for a while. Ready still. */
    readonly store: { readonly ok: boolean; readonly state: StoreTrust; readonly stale_for_seconds: number };
    /** Ok with problems too: what they are about refuses everyone, and the rest is served. */
    readonly configuration: { readonly ok: boolean; readonly applications: number; readonly problems: number };
    readonly signing_key: { readonly ok: boolean; readonly kid: string | null };
    /** Not ok once the gateway was told to stop: send it nothing new. */
    readonly draining: { readonly ok: boolean };
  };
}

/** Whether the gateway should be sent requests. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const {
    storeTrust,
    storeStaleForMs,
    applications,
    configurationProblems: problems,
    signingKeyId,
    isDraining,
  } = facts;
  const staleSeconds = Math.round(storeStaleForMs / 1000);
  const checks = {
    store: { ok: storeTrust !== "none", state: storeTrust, stale_for_seconds: staleSeconds },
    configuration: { ok: true, applications, problems },
    signing_key: { ok: signingKeyId !== null, kid: signingKeyId },
    draining: { ok: !isDraining },
  };
  return { status: Object.values(checks).every(({ ok }) => ok) ? "ready" : "not_ready", checks };
}
