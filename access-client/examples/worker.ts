/**
 * A Cloudflare Worker as the app behind Access: who is it that asks? Its variables: `ACCESS_ISSUER`
 * (`https://team.cloudflareaccess.com`) and `ACCESS_AUDIENCE` (the application's AUD tag). Turn off its `workers.dev` address.
 */
import { AccessVerifyError, createVerifier, type Verifier } from "@gatehouse/access-client/verify";

interface Env {
  readonly ACCESS_ISSUER: string;
  readonly ACCESS_AUDIENCE: string;
}

/** One for all requests, for it keeps the keys. */
let verifier: Verifier | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    verifier ??= createVerifier({ issuer: env.ACCESS_ISSUER, audience: env.ACCESS_AUDIENCE });
    try {
      const subject = await verifier.verify(request.headers.get("cf-access-jwt-assertion"));
      return new Response(`a report for ${subject.kind === "service" ? subject.clientId : subject.email}`);
    } catch (error) {
      if (!(error instanceof AccessVerifyError)) throw error;
      console.warn(error.code, error.message);
      return new Response("Access denied.", { status: error.code === "ERR_ASSERTION_KEYS_UNAVAILABLE" ? 503 : 401 });
    }
  },
};
