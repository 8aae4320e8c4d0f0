import { createLogger } from "@gatehouse/service";
import { createIdentityProvider, type LocalIdentityProvider } from "../../../local/identity-provider.ts";
import type { Browser, Page } from "./browser.ts";
import { freePort, startGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";

export interface LoginSetup extends TestGateway {
  readonly provider: LocalIdentityProvider;
}

/** A gateway with the local identity provider beside it. */
export async function startWithLogin(options: TestGatewayOptions = {}): Promise<LoginSetup> {
  const [port, providerPort] = [await freePort(), await freePort()];
  const issuer = `http://localhost:${port}`;
  const client = { clientId: "gateway", clientSecret: "local-client-secret" };
  const provider = await createIdentityProvider({
    port: providerPort,
    clients: [
      {
        ...client,
        redirectUris: [`${issuer}/cdn-cgi/access/callback`],
        postLogoutRedirectUris: [`${issuer}/cdn-cgi/access/logout`],
      },
    ],
    logger: createLogger({ app: "identity-provider", level: "silent" }),
  });
  await provider.listen();
  const test = await startGateway({ ...options, port, identityProvider: { issuer: provider.issuer, ...client } });
  const closeGateway = test.close;
  return Object.assign(test, {
    provider,
    async close() {
      await closeGateway();
      await provider.close();
    },
  });
}

/** Opens an address, picks a person on the login page, and ends wherever that leads. */
export async function logInAs(browser: Browser, url: string, person: string): Promise<Page> {
  const page = await browser.open(url);
  return browser.submit(page.url, { person });
}
