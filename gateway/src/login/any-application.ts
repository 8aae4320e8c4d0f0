import { decodeJwt } from "jose";
import type { Application } from "../policies/model.ts";
import type { Authenticate, Authentication } from "../request/authenticate.ts";
import type { Credential } from "../request/credential.ts";

/**
 * Authenticates where no application is asked for (log out, get-identity): the JWT's own audience says which one to check it against.
 * It is read before anything is verified, which only chooses the check that then must pass.
 */
export async function authenticateForAny(
  credential: Credential,
  applications: readonly Application[],
  authenticate: Authenticate,
): Promise<Authentication> {
  const application = credential.kind === "token" ? applicationOf(credential.jwt, applications) : applications[0];
  return application === undefined
    ? { ok: false, reason: "token_wrong_audience" }
    : authenticate(credential, application);
}

function applicationOf(jwt: string, applications: readonly Application[]): Application | undefined {
  try {
    const audiences = [decodeJwt(jwt).aud].flat();
    return applications.find(({ aud }) => audiences.includes(aud));
  } catch {
    return applications[0];
  }
}
