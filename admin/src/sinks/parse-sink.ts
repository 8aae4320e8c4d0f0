import type { Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { commandSink } from "./command.ts";
import { envFileSink } from "./env-file.ts";
import { fileSink } from "./file.ts";
import { kubernetesSink } from "./kubernetes.ts";
import type { Sink } from "./sink.ts";
import { vaultSink } from "./vault.ts";

export interface SinkDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dispatcher: Dispatcher;
}

export const SINK_KINDS: readonly string[] = ["file", "env", "k8s", "vault", "command"];

export const SINK_HELP = `Where the secret goes:
  file:PATH                  JSON, 0600, replaced as a whole
  env:PATH[#ID,SECRET]       an env file: only the two variables change
  k8s:NAMESPACE/SECRET       a Kubernetes Secret, keys client_id and client_secret
  vault:MOUNT/PATH           HashiCorp Vault KV, version 1 or 2; VAULT_ADDR, VAULT_TOKEN
  command:COMMAND            JSON on the standard input of a shell command`;

/** @throws {AdminError} `ERR_ADMIN_USAGE` */
export function parseSink(spec: string, { env, dispatcher }: SinkDeps): Sink {
  const at = spec.indexOf(":");
  const [kind, rest] = [spec.slice(0, at), spec.slice(at + 1)];
  if (at > 0 && rest !== "") {
    if (kind === "file") return fileSink(rest);
    if (kind === "env") return envFileSink(rest);
    if (kind === "k8s") return kubernetesSink(rest, env);
    if (kind === "vault") return vaultSink(rest, env, dispatcher);
    if (kind === "command") return commandSink(rest);
  }
  throw new AdminError(
    "ERR_ADMIN_USAGE",
    `--write takes file:, env:, k8s:, vault: or command:, and something after it.\n${SINK_HELP}`,
  );
}
