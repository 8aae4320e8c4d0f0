import { z } from "zod";
import { boundedFetch } from "../login/bounded-fetch.ts";
import { isSafeWebAddress } from "../policies/safe-address.ts";

/** An identity provider as Cloudflare's clients know it: by its addresses. */
interface ProviderAddresses {
  readonly auth_url?: unknown;
  readonly token_url?: unknown;
  readonly certs_url?: unknown;
}

/** The issuer whose own discovery document has these addresses; undefined when none is found. */
export type FindIssuer = (addresses: ProviderAddresses) => Promise<string | undefined>;

const TIMEOUT_MS = 5_000;
/** Deeper paths than any provider has are cut off, so that one call cannot start many. */
const MAX_PLACES = 8;
const WELL_KNOWN = "/.well-known/openid-configuration";

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
});

/**
 * Looks for the discovery document above `auth_url`: most providers have it at a part of the same path. Believed only when it names
 * exactly the addresses that were given, and itself as the issuer (OpenID Connect Discovery 1.0, 4.3).
 */
export const findIssuer: FindIssuer = async (addresses) => {
  const { auth_url: authUrl } = addresses;
  if (typeof authUrl !== "string" || !isSafeWebAddress(authUrl)) return undefined;
  const found = await Promise.all(placesAbove(new URL(authUrl)).map((place) => issuerAt(place, addresses)));
  return found.find((issuer) => issuer !== undefined);
};

/** `https://idp/a/b/authorize`: `https://idp/a/b`, `https://idp/a`, `https://idp`; also with the `/v2.0` of Microsoft's. */
function placesAbove({ origin, pathname }: URL): string[] {
  const parts = pathname.split("/").slice(1, -1);
  const paths = parts.map((_, index) => `/${parts.slice(0, parts.length - index).join("/")}`);
  return [...paths, "", ...paths.slice(-1).map((path) => `${path}/v2.0`)]
    .slice(-MAX_PLACES)
    .map((path) => origin + path);
}

async function issuerAt(
  place: string,
  { auth_url, token_url, certs_url }: ProviderAddresses,
): Promise<string | undefined> {
  try {
    const response = await boundedFetch(place + WELL_KNOWN, {
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const document = discoverySchema.parse(await response.json());
    const isAsked =
      document.authorization_endpoint === auth_url &&
      (token_url == null || document.token_endpoint === token_url) &&
      (certs_url == null || document.jwks_uri === certs_url);
    return isAsked && document.issuer.replace(/\/$/, "") === place ? document.issuer : undefined;
  } catch {
    // Nothing there, or nothing that can be read: as good as no answer.
    return undefined;
  }
}
