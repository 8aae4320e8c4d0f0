import { type Finding, good, problem } from "./finding.ts";
import type { OriginObservations } from "./observation.ts";

/** Whether the app is safe from whoever goes past the gateway. */
export function judgeOrigin({ bare, forged }: OriginObservations): Finding {
  if (bare === undefined) return good("ORIGIN_CLOSED", "The app itself cannot be reached from here, past the gateway.");
  if (isServed(bare)) {
    const advice = "Let the app check Cf-Access-Jwt-Assertion, and let only the gateway reach it.";
    return problem("ORIGIN_OPEN", `The app answers ${bare} to whoever goes past the gateway.`, advice);
  }
  if (forged !== undefined && isServed(forged)) {
    const advice = "Verify the assertion's signature with the published keys (access-client/verify).";
    return problem(
      "ORIGIN_TRUSTS_ANYONE",
      `The app answers ${forged} to a JWT that anybody could have written.`,
      advice,
    );
  }
  return good("ORIGIN_CHECKS", "The app refuses whoever goes past the gateway, a forged JWT too.");
}

function isServed(status: number): boolean {
  return status < 400;
}
