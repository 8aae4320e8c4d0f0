import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PolicyFileOptions {
  readonly folder: string;
  readonly audience: string;
  /** Id (not client id) of the bot's service token. */
  readonly serviceTokenId: string;
  readonly gatewayPort: number;
  readonly statsPort: number;
}

/**
 * The application and its policies, as a file to read and to edit: written on the first start, and kept after it but for the
 * two addresses, which follow the ports, and the token's id.
 *
 * @returns its path and its text
 */
export function writePolicyFile(options: PolicyFileOptions): { path: string; text: string } {
  const path = join(options.folder, "access.yaml");
  const text = existsSync(path) ? withAddresses(readFileSync(path, "utf8"), options) : firstPolicies(options);
  writeFileSync(path, text, { mode: 0o600 });
  return { path, text };
}

function firstPolicies({ audience, serviceTokenId, gatewayPort, statsPort }: PolicyFileOptions): string {
  return `# Who may reach the stats app on this machine. Yours to edit: it is read at each start of npm start,
# which only keeps the domain, the origin and the bot's token_id in step. gateway/README.md explains every field.
applications:
  - name: Acme Notes statistics
    aud: ${audience}
    domain: localhost:${gatewayPort}
    origin: http://127.0.0.1:${statsPort}
    session_duration: 24h
    policies:
      - name: The stats bot
        decision: non_identity
        include:
          - service_token: { token_id: ${serviceTokenId} }
      - name: Everyone at Acme
        decision: allow
        include:
          - email_domain: { domain: acme.example }
`;
}

function withAddresses(text: string, { serviceTokenId, gatewayPort, statsPort }: PolicyFileOptions): string {
  return text
    .replace(/^( +domain: )localhost:\d+$/m, `$1localhost:${gatewayPort}`)
    .replace(/^( +origin: http:\/\/127\.0\.0\.1:)\d+$/m, `$1${statsPort}`)
    .replace(/(service_token: \{ token_id: )[0-9a-f-]{36}( \})/, `$1${serviceTokenId}$2`);
}
