import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import type { Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { callSink, refusedBy } from "./http.ts";
import type { Sink } from "./sink.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const WHAT = "Vault";
const ADVICE = "check VAULT_TOKEN and its policy for this path.";

interface Current {
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * A secret of HashiCorp Vault's KV engine, version 2 (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2): the keys
 * `client_id` and `client_secret` are set, other keys stay. `VAULT_ADDR`, `VAULT_TOKEN` and `VAULT_NAMESPACE` as for the vault command.
 *
 * @param spec `MOUNT/PATH`
 * @throws {AdminError} `ERR_ADMIN_USAGE`
 */
export function vaultSink(spec: string, env: Environment, dispatcher: Dispatcher): Sink {
  const [mount = "", ...rest] = spec.split("/");
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace } = env;
  if (!mount || rest.join("") === "") throw usage("A Vault sink is vault:MOUNT/PATH.");
  if (!address || !token) throw usage("A Vault sink needs VAULT_ADDR and VAULT_TOKEN.");
  const base = parseSecureUrl(address, "VAULT_ADDR");
  const url = new URL(
    `${base.pathname.replace(/\/$/, "")}/v1/${mount}/data/${rest.map(encodeURIComponent).join("/")}`,
    base,
  );
  const headers = { "x-vault-token": token, ...(namespace && { "x-vault-namespace": namespace }) };
  const read = async (): Promise<Current> => {
    const { status, json } = await callSink(dispatcher, { what: WHAT, url, method: "GET", headers });
    if (status === 404) return { version: versionOf(json), data: {} };
    if (status !== 200) throw refusedBy(WHAT, status, ADVICE);
    return { version: versionOf(json), data: dataOf(json) };
  };
  return {
    name: `Vault ${mount}/${rest.join("/")}`,
    async check() {
      await read();
    },
    async write({ clientId, clientSecret }) {
      const { version, data } = await read();
      // Check-and-set: what somebody wrote meanwhile is not lost.
      const body = { options: { cas: version }, data: { ...data, client_id: clientId, client_secret: clientSecret } };
      const type = { "content-type": "application/json" };
      const { status } = await callSink(dispatcher, {
        what: WHAT,
        url,
        method: "POST",
        headers: { ...headers, ...type },
        body,
      });
      if (status !== 200 && status !== 204) throw refusedBy(WHAT, status, ADVICE);
    },
  };
}

function usage(message: string): AdminError {
  return new AdminError("ERR_ADMIN_USAGE", message);
}

interface KvAnswer {
  readonly data?: { readonly data?: Record<string, unknown> | null; readonly metadata?: { readonly version?: number } };
}

function dataOf(json: unknown): Readonly<Record<string, unknown>> {
  return (json as KvAnswer | undefined)?.data?.data ?? {};
}

/** 0 means "only if it is not there". A deleted secret is a 404 that still has a version. */
function versionOf(json: unknown): number {
  return (json as KvAnswer | undefined)?.data?.metadata?.version ?? 0;
}
