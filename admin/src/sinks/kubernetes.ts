import { readFileSync } from "node:fs";
import { parseSecureUrl } from "@gatehouse/access-client/protocol";
import { Agent, type Dispatcher } from "undici";
import { AdminError } from "../errors.ts";
import { reasonOf } from "../reason-of.ts";
import { callSink, refusedBy, type SinkCall } from "./http.ts";
import type { Sink } from "./sink.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const WHAT = "Kubernetes";
const ADVICE = "check the service account's rights to get, create and patch secrets in the namespace.";
/** Where a pod finds its own account. https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const POD_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/**
 * A Kubernetes Secret: the keys `client_id` and `client_secret` are set by a merge patch, other keys stay; a Secret that is not
 * there is created. In a pod it needs nothing; elsewhere `KUBERNETES_API_URL`, `KUBERNETES_TOKEN_FILE` and
 * `KUBERNETES_CA_FILE`.
 *
 * @param spec `NAMESPACE/NAME`
 * @throws {AdminError} `ERR_ADMIN_USAGE`
 */
export function kubernetesSink(spec: string, env: Environment): Sink {
  const [namespace = "", name = "", ...more] = spec.split("/");
  if (!NAME.test(namespace) || !NAME.test(name) || more.length > 0) {
    throw new AdminError("ERR_ADMIN_USAGE", "A Kubernetes sink is k8s:NAMESPACE/SECRET.");
  }
  const { url: base, token, ca } = readCluster(env);
  const dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  const collection = new URL(`/api/v1/namespaces/${namespace}/secrets`, base);
  const secret = new URL(`${collection.pathname}/${name}`, base);
  const headers = { authorization: `Bearer ${token}` };
  const write = async (clientId: string, clientSecret: string, query = ""): Promise<void> => {
    const stringData = { client_id: clientId, client_secret: clientSecret };
    const status = await writeSecret(dispatcher, { secret, collection, headers, name, stringData, query });
    if (status === 422) throw refusedBy(WHAT, status, "the Secret is immutable, or an admission rule forbids it.");
    if (status !== 200 && status !== 201) throw refusedBy(WHAT, status, ADVICE);
  };
  return {
    name: `Kubernetes Secret ${namespace}/${name}`,
    // The cluster itself says whether it would do it, an immutable Secret and its admission rules included.
    check: () => write("", "", "?dryRun=All"),
    write: ({ clientId, clientSecret }) => write(clientId, clientSecret),
  };
}

interface Write {
  readonly secret: URL;
  readonly collection: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
  readonly stringData: Readonly<Record<string, string>>;
  readonly query: string;
}

async function writeSecret(
  dispatcher: Dispatcher,
  { secret, collection, headers, name, stringData, query }: Write,
): Promise<number> {
  const patch: SinkCall = {
    what: WHAT,
    url: new URL(query, secret),
    method: "PATCH",
    headers: { ...headers, "content-type": "application/merge-patch+json" },
    body: { stringData },
  };
  const { status } = await callSink(dispatcher, patch);
  if (status !== 404) return status;
  const body = { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name }, stringData };
  const json = { ...headers, "content-type": "application/json" };
  return (
    await callSink(dispatcher, { what: WHAT, url: new URL(query, collection), method: "POST", headers: json, body })
  ).status;
}

function readCluster(env: Environment) {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT_HTTPS"] ?? env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const isInPod = !env["KUBERNETES_API_URL"] && host !== undefined;
  const address = env["KUBERNETES_API_URL"] || (host && `https://${host.includes(":") ? `[${host}]` : host}:${port}`);
  const tokenFile = env["KUBERNETES_TOKEN_FILE"] || (isInPod ? `${POD_FOLDER}/token` : undefined);
  const caFile = env["KUBERNETES_CA_FILE"] || (isInPod ? `${POD_FOLDER}/ca.crt` : undefined);
  if (!address || !tokenFile) {
    const message = "A Kubernetes sink needs a pod, or KUBERNETES_API_URL and KUBERNETES_TOKEN_FILE.";
    throw new AdminError("ERR_ADMIN_USAGE", message);
  }
  const ca = caFile === undefined ? undefined : readText(caFile);
  return { url: parseSecureUrl(address, "KUBERNETES_API_URL"), token: readText(tokenFile).trim(), ca };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AdminError("ERR_ADMIN_SINK", `${file} cannot be read (${reasonOf(cause)}).`, { cause });
  }
}
