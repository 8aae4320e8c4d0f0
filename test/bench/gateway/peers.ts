import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OTHER_CORE, SERVER_CORE, type Server, startServer } from "./processes.ts";
import type { Program } from "./requirements.ts";

export interface PeerSettings {
  readonly programs: Readonly<Record<Program, string>>;
  readonly folder: string;
  readonly originPort: number;
  /** PEM file of the gateway's public key. */
  readonly keyFile: string;
  readonly issuer: string;
  readonly audience: string;
}

/** 1 KB of JSON, from nginx's memory. */
export async function startOrigin(port: number, { programs, folder }: Pick<PeerSettings, "programs" | "folder">) {
  const body = JSON.stringify({ rows: "x".repeat(1_013) });
  const server = `location / { default_type application/json; return 200 '${body}'; } access_log off;`;
  return startNginx("origin", port, server, OTHER_CORE, { programs, folder });
}

/**
 * HAProxy as its manual shows it for JWTs: algorithm, signature, issuer, audience, expiry; then our header names are taken off
 * and set anew, as ours does. One line of log per request.
 */
export async function startHaproxy(port: number, settings: PeerSettings): Promise<Server> {
  const { programs, folder, originPort, keyFile, issuer, audience } = settings;
  const file = join(folder, "haproxy.cfg");
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 4096
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend gateway
  bind 127.0.0.1:${port}
  unique-id-format %{+X}o%Ts%rt
  http-request set-var(txn.jwt) req.hdr(cf-access-token)
  http-request deny deny_status 401 unless { var(txn.jwt),jwt_header_query('$.alg') -m str RS256 }
  http-request deny deny_status 401 unless { var(txn.jwt),jwt_payload_query('$.iss') -m str ${issuer} }
  http-request deny deny_status 401 unless { var(txn.jwt),jwt_payload_query('$.aud[0]') -m str ${audience} }
  http-request set-var(txn.exp) var(txn.jwt),jwt_payload_query('$.exp','int')
  http-request set-var(txn.now) date()
  http-request deny deny_status 401 if { var(txn.exp),sub(txn.now) -m int lt 0 }
  http-request deny deny_status 401 unless { var(txn.jwt),jwt_verify("RS256","${keyFile}") -m int 1 }
  http-request del-header cf-access- -m beg
  http-request del-header x-forwarded- -m beg
  http-request set-header Cf-Access-Jwt-Assertion %[var(txn.jwt)]
  http-request set-header Cf-Ray %[unique-id]
  http-request set-header X-Forwarded-Proto http
  http-response set-header Cf-Ray %[unique-id]
  default_backend origin
backend origin
  server origin 127.0.0.1:${originPort}
`,
  );
  return startServer(port, { program: programs.haproxy, args: ["-db", "-f", file], core: SERVER_CORE });
}

/** nginx with auth_request to a verifier on the same core: both are what it takes, so both are counted. */
export async function startNginxWithVerifier(
  port: number,
  verifierPort: number,
  settings: PeerSettings,
): Promise<Server> {
  const { originPort, keyFile, issuer, audience } = settings;
  const script = fileURLToPath(new URL("./verifier.ts", import.meta.url));
  const args = [script, String(verifierPort), keyFile, issuer, audience];
  const verifier = await startServer(verifierPort, { program: process.execPath, args, core: SERVER_CORE });
  const upstreams = ["origin", "verifier"].map(
    (name, index) => `upstream ${name} { server 127.0.0.1:${[originPort, verifierPort][index]}; keepalive 256; }`,
  );
  const server = `
    access_log /dev/null;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / {
      auth_request /verify;
      proxy_set_header Cf-Access-Jwt-Assertion $http_cf_access_token;
      proxy_set_header Cf-Access-Token "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Cf-Ray $request_id;
      add_header Cf-Ray $request_id;
      proxy_pass http://origin;
    }
    location = /verify { internal; proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_pass http://verifier; }`;
  const nginx = await startNginx("nginx", port, server, SERVER_CORE, settings, upstreams.join("\n"));
  return {
    port,
    cpuMs: () => nginx.cpuMs() + verifier.cpuMs(),
    rssBytes: () => nginx.rssBytes() + verifier.rssBytes(),
    peakRssBytes: () => nginx.peakRssBytes() + verifier.peakRssBytes(),
    stop: async () => void (await Promise.all([nginx.stop(), verifier.stop()])),
  };
}

async function startNginx(
  name: string,
  port: number,
  server: string,
  core: number,
  { programs, folder }: Pick<PeerSettings, "programs" | "folder">,
  http = "",
): Promise<Server> {
  const file = join(folder, `${name}.conf`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  ${paths.join(" ")}
  keepalive_requests 100000000;
  ${http}
  server { listen 127.0.0.1:${port}; ${server} }
}
`,
  );
  return startServer(port, { program: programs.nginx, args: ["-c", file, "-p", folder, "-e", "stderr"], core });
}
