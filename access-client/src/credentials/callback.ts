import type { CredentialSource, Credentials } from "./source.ts";

export interface CallbackCredentialsOptions {
  /** In words, for error messages. Default `callback`. */
  readonly name?: string;
  /** Asks again at this pace, to follow a rotation before the old secret is refused; 1,000 or more. Default: only when needed. */
  readonly refreshMs?: number;
}

/**
 * The pair from wherever a function finds it: a secret manager, a sidecar.
 *
 * @throws {TypeError} on an impossible option
 */
export function callbackCredentials(
  read: () => Credentials | Promise<Credentials>,
  { name = "callback", refreshMs }: CallbackCredentialsOptions = {},
): CredentialSource {
  if (typeof read !== "function") throw new TypeError("callbackCredentials needs a function.");
  if (refreshMs === undefined) return { name, read };
  if (!(refreshMs >= 1_000)) throw new TypeError("refreshMs must be 1000 or more.");
  return {
    name,
    read,
    watch(onChange) {
      const timer = setInterval(onChange, refreshMs).unref();
      return () => clearInterval(timer);
    },
  };
}
