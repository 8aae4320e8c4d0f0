import * as oidc from "openid-client";
import { GatewayError } from "../errors.ts";
import type { IdentityProviderModel } from "../policies/model.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { type Person, readPerson } from "./person.ts";

/** The one-time values of a login, made at its start and wanted again at its end. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface LoggedIn {
  readonly person: Person;
  /** Ends the provider's session later. */
  readonly idToken: string;
}

/** One identity provider, spoken to with OpenID Connect: code flow with PKCE, state and nonce. */
export interface IdentityProvider {
  readonly id: string;
  /** @throws {GatewayError} `ERR_IDENTITY_PROVIDER_UNREACHABLE` */
  loginUrl(secrets: LoginSecrets, options: { readonly mustAskAgain: boolean }): Promise<string>;
  /** @throws {GatewayError} `ERR_LOGIN_REFUSED`, `ERR_LOGIN_FAILED`, `ERR_LOGIN_NO_EMAIL`, `ERR_IDENTITY_PROVIDER_UNREACHABLE` */
  finish(currentUrl: URL, secrets: LoginSecrets): Promise<LoggedIn>;
  /** Where the browser goes to end the provider's own session; undefined when the provider has no such place. */
  logoutUrl(idToken: string, returnTo: string): Promise<string | undefined>;
}

export interface IdentityProviderDeps {
  readonly redirectUri: string;
  readonly now: () => number;
}

const TIMEOUT_SECONDS = 5;
/** Providers move their endpoints rarely, but not only when we start. */
const DISCOVERY_LIFE_MS = 3_600_000;

export function newLoginSecrets(): LoginSecrets {
  return { state: oidc.randomState(), nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() };
}

export function createIdentityProvider(
  model: IdentityProviderModel,
  { redirectUri, now }: IdentityProviderDeps,
): IdentityProvider {
  const discovered = remember(() => discover(model), now);
  return {
    id: model.id,
    async loginUrl({ state, nonce, codeVerifier }, { mustAskAgain }) {
      const url = oidc.buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: model.scopes.join(" "),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
        ...(mustAskAgain && { prompt: "login" }),
      });
      return url.href;
    },
    finish: async (currentUrl, secrets) => finishLogin(await discovered(), model, currentUrl, secrets),
    async logoutUrl(idToken, returnTo) {
      const provider = await discovered();
      if (provider.serverMetadata().end_session_endpoint === undefined) return undefined;
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
      return oidc.buildEndSessionUrl(provider, parameters).href;
    },
  };
}

/** One discovery for all logins of an hour; while it fails, the one before is used, or the next login tries again. */
function remember<T>(make: () => Promise<T>, now: () => number): () => Promise<T> {
  let made: Promise<T> | undefined;
  let madeAtMs = 0;
  return () => {
    if (made !== undefined && now() < madeAtMs + DISCOVERY_LIFE_MS) return made;
    const before = made;
    madeAtMs = now();
    const making = make().catch((error: unknown) => {
      if (made === making) made = before;
      if (before !== undefined) return before;
      throw error;
    });
    made = making;
    return making;
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentityProviderModel): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  // Over TLS the token endpoint's word could do (OpenID Connect Core, 3.1.3.7), but the signature costs nothing to check.
  const execute = [oidc.enableNonRepudiationChecks];
  // The configuration allows plain http on loopback only.
  if (server.protocol === "http:") execute.push(oidc.allowInsecureRequests);
  const options = { execute, timeout: TIMEOUT_SECONDS, [oidc.customFetch]: boundedFetch };
  try {
    return await oidc.discovery(server, clientId, clientSecret, undefined, options);
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function finishLogin(
  provider: oidc.Configuration,
  model: IdentityProviderModel,
  currentUrl: URL,
  { state, nonce, codeVerifier }: LoginSecrets,
): Promise<LoggedIn> {
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
    const said = { ...(await profileOf(provider, model, claims, tokens.access_token)), ...claims };
    const person = readPerson(said, model);
    if (person === undefined) throw noEmail();
    return { person, idToken: tokens.id_token };
  } catch (error) {
    throw loginError(error);
  }
}

/** Many providers put only `sub` into the id_token; the rest is at their userinfo endpoint. */
async function profileOf(
  provider: oidc.Configuration,
  { emailClaim, claims: wanted }: IdentityProviderModel,
  claims: oidc.IDToken,
  accessToken: string,
): Promise<Readonly<Record<string, unknown>>> {
  const isComplete = [emailClaim, ...wanted].every((name) => claims[name] !== undefined);
  if (isComplete || provider.serverMetadata().userinfo_endpoint === undefined) return {};
  return oidc.fetchUserInfo(provider, accessToken, claims.sub);
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
    "The identity provider cannot be reached, or its discovery document is not right: check its issuer and the network.";
  return new GatewayError("ERR_IDENTITY_PROVIDER_UNREACHABLE", message, { cause });
}

function noEmail(): GatewayError {
  const message =
    "The identity provider gave no verified e-mail address: grant the client the scopes email and profile, or name the claim that holds it.";
  return new GatewayError("ERR_LOGIN_NO_EMAIL", message);
}
