import { checkJwt, readIssuer } from "./check-jwt.ts";
import { readSubject, type Subject } from "./claims.ts";
import { AccessVerifyError } from "./errors.ts";
import { createKeySet } from "./key-set.ts";
import { checkVerifierOptions, type VerifierOptions } from "./verifier-options.ts";

export interface Verifier {
  /**
   * Checks one JWT of `Cf-Access-Jwt-Assertion` and says who it stands for.
   *
   * @param jwt - the header's value; nothing (`undefined`, `null`, an empty string) is refused
   * @throws {AccessVerifyError} with the exact reason in `code`
   */
  verify(jwt: string | null | undefined): Promise<Subject>;
}

/** Real ones are about 1 KiB; Node would deliver up to 16 KiB of headers. */
const MAX_JWT_LENGTH = 16 * 1024;

/**
 * Creates the origin's check of Access JWTs: RS256 only, issuer and audience always compared, `exp` required, keys from
 * the issuer's key set and no other's. Source: https://developers.cloudflare.com/cloudflare-one/ "Validate JWTs".
 *
 * @throws {TypeError} on a missing or impossible option
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuers, isRevoked, clockSkewSeconds: clockTolerance, now, fetch } = checkVerifierOptions(options);
  const trusted = new Map(
    issuers.map(({ jwksUrl, ...names }) => [names.issuer, { names, keys: createKeySet({ url: jwksUrl, fetch, now }) }]),
  );
  return {
    async verify(jwt) {
      if (typeof jwt !== "string" || jwt === "") throw refusal("ERR_ASSERTION_MISSING", "There is no JWT.");
      if (jwt.length > MAX_JWT_LENGTH) throw refusal("ERR_ASSERTION_MALFORMED", "The JWT is too long.");
      const issuer = trusted.get(readIssuer(jwt) as string);
      if (issuer === undefined) throw refusal("ERR_ASSERTION_ISSUER", "The JWT names no issuer that is trusted here.");
      const checks = { ...issuer.names, clockTolerance, currentDate: new Date(now()) };
      const subject = readSubject(await checkJwt(jwt, issuer.keys, checks));
      if (isRevoked !== undefined) await checkRevocation(isRevoked, subject);
      return subject;
    },
  };
}

/** Only a plain `false` lets the subject pass. */
async function checkRevocation(isRevoked: (subject: Subject) => unknown, subject: Subject): Promise<void> {
  const unknown = "Whether the subject is revoked cannot be told.";
  let answer: unknown;
  try {
    answer = await isRevoked(subject);
  } catch (cause) {
    throw refusal("ERR_ASSERTION_REVOCATION_UNKNOWN", unknown, { cause });
  }
  if (answer === true) throw refusal("ERR_ASSERTION_REVOKED", "The subject is revoked.");
  if (answer !== false) throw refusal("ERR_ASSERTION_REVOCATION_UNKNOWN", `${unknown} isRevoked gave no boolean.`);
}

function refusal(...details: ConstructorParameters<typeof AccessVerifyError>): AccessVerifyError {
  return new AccessVerifyError(...details);
}
