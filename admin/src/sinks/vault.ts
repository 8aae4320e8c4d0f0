import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import type { Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { callSink, refusedBy } from "./http.ts";
import type { Sink } from "./sink.ts";
import { type Engine, readEngine, type VaultCall } from "./vault-engine.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const WHAT = "Vault";
const ADVICE = "check VAULT_TOKEN and its policy for this path.";

interface Current {
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * A secret of HashiCorp Vault's KV engine, version 1 or 2 (https://developer.hashicorp.com/vault/api-docs/secret/kv): the keys
 * `client_id` and `client_secret` are set, other keys stay. `VAULT_ADDR`, `VAULT_TOKEN` and `VAULT_NAMESPACE` as for the vault command.
 *
 * @param spec `MOUNT/PATH`
 * @throws {AdminError} `ERR_ADMIN_USAGE`
 */
export function vaultSink(spec: string, env: Environment, dispatcher: Dispatcher): Sink {
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace } = env;
  if (!/^[^/]+\/+[^/]/.test(spec)) throw usage("A Vault sink is vault:MOUNT/PATH.");
  if (!address || !token) throw usage("A Vault sink needs VAULT_ADDR and VAULT_TOKEN.");
  const base = parseSecureUrl(address, "VAULT_ADDR");
  const headers = { "x-vault-token": token, ...(namespace && { "x-vault-namespace": namespace }) };
  const json = { ...headers, "content-type": "application/json" };
  const call: VaultCall = (method, path, body) => {
    const url = new URL(`${base.pathname.replace(/\/$/, "")}/v1/${path}`, base);
    return callSink(dispatcher, { what: WHAT, url, method, headers: body === undefined ? headers : json, body });
  };
  return {
    name: `Vault ${spec}`,
    async check() {
      const engine = await readEngine(spec, call);
      await readCurrent(engine, call);
      await refuseReadOnly(engine, call);
    },
    async write({ clientId, clientSecret }) {
      const engine = await readEngine(spec, call);
      const { version, data } = await readCurrent(engine, call);
      const all = { ...data, client_id: clientId, client_secret: clientSecret };
      // Check-and-set, which version 1 has not: what somebody wrote meanwhile is not lost.
      const body = engine.version === 1 ? all : { options: { cas: version }, data: all };
      const { status } = await call("POST", engine.dataPath, body);
      if (status !== 200 && status !== 204) throw refusedBy(WHAT, status, ADVICE);
    },
  };
}

async function readCurrent({ version, dataPath }: Engine, call: VaultCall): Promise<Current> {
  const { status, json } = await call("GET", dataPath);
  if (status !== 200 && status !== 404) throw refusedBy(WHAT, status, ADVICE);
  const answer = (json ?? {}) as KvAnswer;
  if (version === 1) return { version: 0, data: answer.data ?? {} };
  // A deleted secret is a 404 that still has a version.
  return { version: answer.data?.metadata?.version ?? 0, data: answer.data?.data ?? {} };
}

/** Every token may ask what it may. One whose policy forbids even that is believed. */
async function refuseReadOnly({ dataPath }: Engine, call: VaultCall): Promise<void> {
  const { status, json } = await call("POST", "sys/capabilities-self", { paths: [dataPath] });
  const { capabilities } = (json ?? {}) as { readonly capabilities?: readonly string[] };
  if (status !== 200 || !Array.isArray(capabilities) || capabilities.some((one) => MAY_WRITE.has(one))) return;
  throw new AdminError(
    "ERR_ADMIN_SINK",
    `VAULT_TOKEN may not write ${dataPath}: its policy must allow create and update.`,
  );
}

const MAY_WRITE: ReadonlySet<string> = new Set(["create", "update", "root", "sudo"]);

interface KvAnswer {
  readonly data?: Readonly<Record<string, unknown>> & {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly metadata?: { readonly version?: number };
  };
}

function usage(message: string): AdminError {
  return new AdminError("ERR_ADMIN_USAGE", message);
}
