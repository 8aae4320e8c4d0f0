import { createHash } from "node:crypto";
import * as oidc from "openid-client";
import { GatewayError } from "../errors.ts";

export interface IdentityProviderConfig {
  /** Issuer identifier; its `/.well-known/openid-configuration` is read at the first login. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The one-time values of a login, made at its start and wanted again at its end. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** A person, as the identity provider vouches for them. */
export interface Person {
  /** UUID, the same for the same person at the same provider. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly idToken: string;
}

/** The company's identity provider, spoken to with OpenID Connect: code flow with PKCE, state and nonce. */
export interface IdentityProvider {
  /** @throws {GatewayError} `ERR_IDENTITY_PROVIDER_UNREACHABLE` */
  loginUrl(secrets: LoginSecrets, options: { readonly mustAskAgain: boolean }): Promise<string>;
  /** @throws {GatewayError} `ERR_LOGIN_REFUSED`, `ERR_LOGIN_FAILED`, `ERR_LOGIN_NO_EMAIL`, `ERR_IDENTITY_PROVIDER_UNREACHABLE` */
  finish(currentUrl: URL, secrets: LoginSecrets): Promise<Person>;
  /** Where the browser goes to end the provider's own session; undefined when the provider has no such place. */
  logoutUrl(idToken: string, returnTo: string): Promise<string | undefined>;
}

const TIMEOUT_SECONDS = 5;

export function newLoginSecrets(): LoginSecrets {
  return { state: oidc.randomState(), nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() };
}

export function createIdentityProvider(config: IdentityProviderConfig, redirectUri: string): IdentityProvider {
  const discovered = rememberSuccess(() => discover(config));
  return {
    async loginUrl({ state, nonce, codeVerifier }, { mustAskAgain }) {
      const url = oidc.buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: "openid email profile",
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
        ...(mustAskAgain && { prompt: "login" }),
      });
      return url.href;
    },
    finish: async (currentUrl, secrets) => finishLogin(await discovered(), config.issuer, currentUrl, secrets),
    async logoutUrl(idToken, returnTo) {
      const provider = await discovered();
      if (provider.serverMetadata().end_session_endpoint === undefined) return undefined;
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
      return oidc.buildEndSessionUrl(provider, parameters).href;
    },
  };
}

/** One discovery for all logins; a failed one is tried again by the next login. */
function rememberSuccess<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentityProviderConfig): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  // The configuration allows plain http on loopback only.
  const execute = server.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
  try {
    return await oidc.discovery(server, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS });
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function finishLogin(
  provider: oidc.Configuration,
  issuer: string,
  currentUrl: URL,
  { state, nonce, codeVerifier }: LoginSecrets,
): Promise<Person> {
  try {
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    };
    const tokens = await oidc.authorizationCodeGrant(provider, currentUrl, checks);
    const claims = tokens.claims();
    if (claims === undefined || tokens.id_token === undefined) throw noEmail();
    const hasEmail = typeof claims.email === "string";
    const profile = hasEmail ? claims : await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub);
    if (typeof profile.email !== "string" || profile.email === "" || profile.email_verified === false) throw noEmail();
    const name = typeof profile.name === "string" && profile.name !== "" ? profile.name : profile.email;
    return { id: personId(issuer, claims.sub), email: profile.email, name, idToken: tokens.id_token };
  } catch (error) {
    throw loginError(error);
  }
}

/** A UUID of version 8 (RFC 9562: ours to fill) from who vouches and for whom, so that no table is needed to keep it the same. */
function personId(issuer: string, subject: string): string {
  const hex = createHash("sha256").update(`${issuer}\n${subject}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function loginError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  if (cause instanceof oidc.AuthorizationResponseError) {
    return new GatewayError("ERR_LOGIN_REFUSED", `The identity provider refused the login (${cause.error}).`, {
      cause,
    });
  }
  const isNetwork = !(cause instanceof oidc.ClientError) && !(cause instanceof oidc.ResponseBodyError);
  if (isNetwork || (cause instanceof oidc.ClientError && cause.code === "OAUTH_TIMEOUT")) return unreachable(cause);
  const message = "The identity provider's answer was not accepted: check the client id, the secret and the clocks.";
  return new GatewayError("ERR_LOGIN_FAILED", message, { cause });
}

function unreachable(cause: unknown): GatewayError {
  const message =
    "The identity provider cannot be reached, or its discovery document is not right: check GATEWAY_OIDC_ISSUER.";
  return new GatewayError("ERR_IDENTITY_PROVIDER_UNREACHABLE", message, { cause });
}

function noEmail(): GatewayError {
  const message =
    "The identity provider gave no verified e-mail address: grant the client the scopes email and profile.";
  return new GatewayError("ERR_LOGIN_NO_EMAIL", message);
}
