import type { IdentityProviderModel } from "../policies/model.ts";
import { stableId } from "../policies/stable-id.ts";

/** A person, as an identity provider vouches for them. */
export interface Person {
  /** UUID, the same for the same person at the same provider. */
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  /** What else the provider said, as far as rules and applications may ask for it. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names of claims that were left out because they are too long. */
  readonly omittedClaims: readonly string[];
}

/** Claims that are kept of every provider: how the person proved who they are (RFC 8176), and the groups they are in. */
const ALWAYS_KEPT = ["amr", "groups"];
/** Some 500 groups by UUID. */
const MAX_CLAIMS_BYTES = 24 * 1_024;
const MAX_NAME_LENGTH = 200;
const MAX_EMAIL_LENGTH = 254;
/** It goes into a header and is compared by its domain: printable ASCII with one `@`. */
const EMAIL = /^[!#-?A-Z^-~]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/** Reads a provider's claims. Undefined when there is no e-mail address that it vouches for. */
export function readPerson(
  said: Readonly<Record<string, unknown>> & { readonly sub: string },
  provider: IdentityProviderModel,
): Person | undefined {
  const email = said[provider.emailClaim];
  if (typeof email !== "string" || email.length > MAX_EMAIL_LENGTH || !EMAIL.test(email)) return undefined;
  // `email_verified` is about `email`; whoever chooses another claim trusts that one.
  if (provider.emailClaim === "email" && isDenied(said.email_verified)) return undefined;
  const name = typeof said.name === "string" && said.name.trim() !== "" ? said.name : email;
  return {
    // From who vouches and for whom, so that no table is needed to keep it the same.
    id: stableId(`${provider.issuer}\n${said.sub}`),
    email: email.toLowerCase(),
    name: name.slice(0, MAX_NAME_LENGTH),
    ...keptClaims(said, provider),
  };
}

/** Some providers write booleans as text. A missing claim is no denial: many providers verify every address and say nothing. */
function isDenied(claim: unknown): boolean {
  return claim !== undefined && claim !== true && claim !== "true";
}

function keptClaims(said: Readonly<Record<string, unknown>>, { claims }: IdentityProviderModel) {
  const kept: [string, unknown][] = [];
  const omittedClaims: string[] = [];
  let bytes = 0;
  for (const name of new Set([...ALWAYS_KEPT, ...claims])) {
    const value = said[name];
    if (value === undefined) continue;
    const length = Buffer.byteLength(JSON.stringify([name, value]));
    if (bytes + length > MAX_CLAIMS_BYTES) {
      omittedClaims.push(name);
      continue;
    }
    bytes += length;
    kept.push([name, value]);
  }
  return { claims: Object.fromEntries(kept), omittedClaims };
}
