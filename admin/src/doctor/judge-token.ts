import { HEADERS } from "@gatehouse/access-client/contract";
import { refusalKind } from "@gatehouse/access-client/protocol";
import { type Finding, good, problem, warning } from "./finding.ts";
import type { Answer, Observations, TokenSeen } from "./observation.ts";
import { formatSeconds } from "./time.ts";

/** Below this, a client spends more requests on exchanges than is sensible. */
const MIN_LIFE_SECONDS = 60;

/** What the pair was exchanged for, and what the JWT is worth. */
export function judgeToken(
  token: TokenSeen | undefined,
  { withToken, anonymous, expectedAudience }: Pick<Observations, "withToken" | "anonymous" | "expectedAudience">,
): readonly Finding[] {
  if (token === undefined)
    return [good("MODE_PAIR", "The gateway gives no JWT: the pair goes with every request (strict).")];
  const { claims } = token;
  if (claims === undefined) {
    const advice = "Look at the gateway: access-client takes such a server for a strict one.";
    return [warning("TOKEN_UNREADABLE", "The CF_Authorization cookie does not hold a JWT.", advice)];
  }
  const mode = good("MODE_EXCHANGE", "The gateway exchanges the pair for a JWT.");
  const verdict = judgeClaims(claims, anonymous);
  return [mode, ...judgeReuse(withToken), ...verdict, ...judgeForOrigin(token, claims, expectedAudience)];
}

/** What the app behind will say to it. */
function judgeForOrigin(
  { verifyFailure }: TokenSeen,
  claims: Readonly<Record<string, unknown>>,
  expected: string | undefined,
): readonly Finding[] {
  if (verifyFailure !== undefined) {
    const advice =
      "Check that the app can reach the issuer's /cdn-cgi/access/certs, and that the gateway's issuer is its address.";
    return [problem("TOKEN_UNVERIFIABLE", `The published keys do not verify the JWT (${verifyFailure}).`, advice)];
  }
  const audience = [claims.aud ?? []].flat().map(String);
  if (expected === undefined || audience.includes(expected)) return [];
  const text = `The app expects the audience ${expected}, and the JWT is for ${audience.join(", ") || "nobody"}.`;
  const advice = "Give the app the AUD tag of this application (STATS_ACCESS_AUDIENCE).";
  return [problem("TOKEN_AUDIENCE_UNEXPECTED", text, advice)];
}

function judgeReuse(withToken: Answer | undefined): readonly Finding[] {
  const isTaken = withToken?.status !== undefined && refusalKind(withToken.status, withToken.headers) === undefined;
  if (withToken === undefined || isTaken) return [];
  const text = `The gateway does not take its JWT back (${withToken.status ?? withToken.failure}).`;
  const advice =
    "Nothing, if all policies are Service Auth: access-client then sends the pair each time. Else look at the log.";
  return [warning("TOKEN_NOT_REUSABLE", text, advice)];
}

function judgeClaims(claims: Readonly<Record<string, unknown>>, anonymous: Answer | undefined): readonly Finding[] {
  const audience = [claims.aud ?? []].flat().map(String);
  const { iss, iat, exp } = claims;
  const lifeSeconds = Number(exp) - Number(iat);
  const text = `The JWT is from ${iss}, for ${audience.join(", ") || "nobody"}, and lives ${formatSeconds(lifeSeconds)}.`;
  const expected = anonymous?.headers[HEADERS.audience];
  if (typeof expected === "string" && !audience.includes(expected)) {
    const advice = "Look at the gateway's applications: two overlap, or the AUD tag was changed.";
    return [problem("TOKEN_AUDIENCE_DIFFERS", `${text} Yet the application here is ${expected}.`, advice)];
  }
  if (lifeSeconds >= MIN_LIFE_SECONDS) return [good("TOKEN_GOOD", text)];
  return [warning("TOKEN_SHORT_LIVED", text, "Give the application or policy a longer session duration.")];
}
