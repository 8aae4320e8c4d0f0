import { createGateway, parsePolicyFile } from "@gatehouse/gateway";
import type { Environment } from "@gatehouse/service";
import { ensureAdminToken, writeAdminEnvironment } from "./admin-token.ts";
import { ensureBotToken } from "./bot-token.ts";
import type { LocalDeps } from "./deps.ts";
import { createIdentityProvider } from "./identity-provider.ts";
import { writePolicyFile } from "./policy-file.ts";
import type { LocalState } from "./state.ts";

const CLIENT_ID = "gatehouse";
const GRACE_MS = 500;

export interface StartedAccess {
  /** The gateway's address: issuer, dashboard and `STATS_URL` in one. */
  readonly origin: string;
  /** The bot's credentials, rewritten by rotations. */
  readonly credentialsFile: string;
  /** Where the admin API is, and an API token for it. */
  readonly adminEnv: Environment;
  /** The admin page, signing in by itself. */
  readonly adminUrl: string;
}

/** Starts the gateway with its first application, policies and service token, and the identity provider it sends people to. */
export async function startAccess(state: LocalState, deps: LocalDeps): Promise<StartedAccess> {
  const { settings, loggerFor } = deps;
  const { dataFolder: folder, gatewayPort, adminPort, statsPort, identityPort } = settings;
  const origin = `http://localhost:${gatewayPort}`;
  const logger = loggerFor("gateway");
  const databaseUrl = `file:${folder}/gateway.sqlite`;
  const token = await ensureBotToken({ folder, databaseUrl, state, logger });
  const { audience, oidcClientSecret, gatewaySecretKey } = state;
  const file = writePolicyFile({ folder, audience, serviceTokenId: token.id, gatewayPort, statsPort });
  const identityProvider = await createIdentityProvider({
    port: identityPort,
    clients: [
      {
        clientId: CLIENT_ID,
        clientSecret: oidcClientSecret,
        redirectUris: [`${origin}/cdn-cgi/access/callback`],
        postLogoutRedirectUris: [`${origin}/cdn-cgi/access/logout`],
      },
    ],
    logger: loggerFor("identity-provider"),
  });
  const gateway = await createGateway(
    {
      issuer: origin,
      listen: { host: "127.0.0.1", port: gatewayPort, variable: "GATEWAY_PORT" },
      admin: { host: "127.0.0.1", port: adminPort, variable: "GATEWAY_ADMIN_PORT" },
      databaseUrl,
      secretKey: gatewaySecretKey,
      policies: parsePolicyFile(file.text, file.path),
      policyFile: file.path,
      identityProvider: { issuer: identityProvider.issuer, clientId: CLIENT_ID, clientSecret: oidcClientSecret },
    },
    { logger, now: deps.now },
  );
  const stop = async (): Promise<void> => {
    await gateway.close(GRACE_MS);
    await identityProvider.close();
  };
  deps.onStop(stop);
  await identityProvider.listen();
  await gateway.listen();
  const port = (await gateway.listenAdmin()) ?? adminPort;
  // In the fragment, so that it is in no request line and no log.
  const adminToken = await ensureAdminToken(gateway, folder, state);
  const adminEnv = await writeAdminEnvironment(folder, port, adminToken);
  const adminUrl = `http://127.0.0.1:${port}/#token=${adminToken}`;
  return { origin, credentialsFile: token.file, adminEnv, adminUrl };
}
