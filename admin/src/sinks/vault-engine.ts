import type { Dispatcher } from "undici";

/** One call below `/v1/`. */
export type VaultCall = (
  method: Dispatcher.HttpMethod,
  path: string,
  body?: unknown,
) => Promise<{ readonly status: number; readonly json: unknown }>;

/** Where a secret's data is in its KV engine. */
export interface Engine {
  readonly version: 1 | 2;
  /** `secret/data/bots/stats` in version 2, `secret/bots/stats` in version 1. */
  readonly dataPath: string;
}

/**
 * Asks which version of the KV engine is mounted, and where, as the vault command does
 * (https://developer.hashicorp.com/vault/api-docs/system/internal-ui-mounts). Where that is not told: version 2, at the first segment.
 *
 * @param spec `MOUNT/PATH`; a mount may have several segments
 */
export async function readEngine(spec: string, call: VaultCall): Promise<Engine> {
  const whole = spec.split("/").filter(Boolean).map(encodeURIComponent).join("/");
  const { status, json } = await call("GET", `sys/internal/ui/mounts/${whole}`);
  const { path, options } = ((json ?? {}) as MountAnswer).data ?? {};
  const isTold = status === 200 && typeof path === "string" && `${whole}/`.startsWith(path);
  const mount = isTold ? path : whole.slice(0, whole.indexOf("/") + 1);
  const rest = whole.slice(mount.length);
  if (isTold && options?.version !== "2") return { version: 1, dataPath: mount + rest };
  return { version: 2, dataPath: `${mount}data/${rest}` };
}

interface MountAnswer {
  readonly data?: {
    /** With a slash at its end. */
    readonly path?: string;
    readonly options?: { readonly version?: string } | null;
  };
}
