import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { closeServer, type Logger, listen } from "@gatehouse/service";
import type { Configuration, Provider } from "oidc-provider";
import { renderErrorPage, renderLoginPage } from "./identity-provider-page.ts";
import { LOCAL_PEOPLE, type LocalPerson } from "./identity-provider-people.ts";

interface LocalClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

export interface LocalIdentityProviderOptions {
  /** Default `127.0.0.1`; anything but loopback is refused. */
  readonly host?: string;
  /** Default 4003. The issuer is `http://HOST:PORT`, so 0 does not do. */
  readonly port?: number;
  readonly clients: readonly LocalClient[];
  /** Default: `LOCAL_PEOPLE`. */
  readonly people?: readonly LocalPerson[];
  readonly logger: Logger;
}

export interface LocalIdentityProvider {
  readonly issuer: string;
  listen(): Promise<number>;
  close(): Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const DEFAULT_PORT = 4003;
const HOUR_SECONDS = 3_600;
const GRACE_MS = 500;
const MAX_FORM_BYTES = 4_096;

/**
 * An OpenID Connect provider for one machine, in place of the company's: pick a person, and you are them. Keys and sessions live in
 * memory.
 *
 * @throws {TypeError} on a host that others could reach.
 */
export async function createIdentityProvider(options: LocalIdentityProviderOptions): Promise<LocalIdentityProvider> {
  const { host = "127.0.0.1", port = DEFAULT_PORT, people = LOCAL_PEOPLE, clients, logger } = options;
  if (!LOOPBACK.includes(host))
    throw new TypeError(`the local identity provider listens on loopback only, not on ${host}`);
  const issuer = `http://${host}:${port}`;
  const provider = await openProvider(issuer, clients, people);
  provider.on("server_error", (_context, error) => logger.error({ err: error }, "the local identity provider failed"));
  const server = openServer(provider, people, new URL(issuer).host);
  return {
    issuer,
    listen: () => listen(server, { what: "the local identity provider", host, port, variable: "LOCAL_IDENTITY_PORT" }),
    close: () => closeServer(server, GRACE_MS),
  };
}

async function openProvider(
  issuer: string,
  clients: readonly LocalClient[],
  people: readonly LocalPerson[],
): Promise<Provider> {
  const configuration: Configuration = {
    clients: clients.map((client) => ({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      redirect_uris: [...client.redirectUris],
      post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    })),
    jwks: { keys: [signingKey()] },
    cookies: { keys: [crypto.randomUUID()] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // Puts e-mail and name into the id_token itself, as most companies' providers do.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => accountOf(people.find((person) => person.id === id)),
    loadExistingGrant: grantEverything,
    renderError: (context, { error, error_description }) => {
      context.type = "html";
      context.body = renderErrorPage(error_description ?? error);
    },
    interactions: { url: (_context, interaction) => `/login/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    ttl: {
      AccessToken: HOUR_SECONDS,
      AuthorizationCode: 60,
      Grant: 14 * 24 * HOUR_SECONDS,
      IdToken: HOUR_SECONDS,
      Interaction: HOUR_SECONDS,
      Session: 14 * 24 * HOUR_SECONDS,
    },
  };
  return quietly(async () => {
    const { Provider } = await import("oidc-provider");
    return new Provider(issuer, configuration);
  });
}

/**
 * The package warns, at import, about every Node that is not a long-term release, and later about keeping everything in memory,
 * which is meant here.
 */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: crypto.randomUUID(), alg: "RS256", use: "sig" };
}

function accountOf(person: LocalPerson | undefined) {
  if (person === undefined) return undefined;
  const { id, email, name } = person;
  return { accountId: id, claims: async () => ({ sub: id, email, email_verified: true, name }) };
}

/** Nobody is asked for consent: the only clients are our own. */
const grantEverything: NonNullable<Configuration["loadExistingGrant"]> = async ({ oidc }) => {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid email profile");
  await grant.save();
  return grant;
};

/** Answers under its own address only: a name of somebody else's that was pointed at this machine is refused. */
function openServer(provider: Provider, people: readonly LocalPerson[], host: string): Server {
  const rest = provider.callback();
  return createServer((request, response) => {
    if (request.headers.host !== host || !request.url?.startsWith("/")) {
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
      response.end(`This identity provider answers only at http://${host}/.\n`);
      return;
    }
    if (!request.url.startsWith("/login/")) return void rest(request, response);
    interact(provider, people, request, response).catch(() => {
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
      response.end("This login has ended. Go back to the application and start again.\n");
    });
  });
}

/** GET shows the people, POST chooses one of them. */
async function interact(
  provider: Provider,
  people: readonly LocalPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(renderLoginPage(people, `/login/${uid}`));
    return;
  }
  const form = new URLSearchParams(await readForm(request));
  const person = people.find(({ id }) => id === form.get("person"));
  const result = person === undefined ? { error: "access_denied" } : { login: { accountId: person.id } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new TypeError("the form is too long");
  }
  return text;
}

/** The gateway already asked the person to log out, so the form sends itself. */
function logoutSource(context: { body: unknown }, form: string): void {
  context.body = `<!doctype html><meta charset="utf-8"><title>Logging out</title>${form}
<script>const form = document.forms[0]; form.insertAdjacentHTML("beforeend", '<input type="hidden" name="logout" value="yes">'); form.submit();</script>
<noscript><button form="op.logoutForm" name="logout" value="yes">Log out</button></noscript>`;
}

function postLogoutSuccessSource(context: { body: unknown }): void {
  context.body = "<!doctype html><meta charset=utf-8><title>Logged out</title><p>You are logged out.";
}
