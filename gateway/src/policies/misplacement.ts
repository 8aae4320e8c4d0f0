import type { PolicyDecision, Selector } from "./model.ts";

/** Why a selector cannot work under a decision, with what to do instead; undefined when it can. Looks into groups. */
export function misplacement(selector: Selector, decision: PolicyDecision): string | undefined {
  if (selector.kind === "group") {
    const { name, include, require, exclude } = selector.group;
    for (const inner of [...include, ...require, ...exclude]) {
      const message = misplacement(inner, decision);
      if (message !== undefined) return `in the group ${name}: ${message}`;
    }
    return undefined;
  }
  if (isToken(selector) && decision !== "non_identity") {
    const advice = "put it in a policy with decision: non_identity (Service Auth)";
    const effect = decision === "allow" ? "there it would send the bot to the login page" : "there it has no effect";
    return `a service token has no identity, so ${selector.kind} does not work with decision: ${decision} (${effect}); ${advice}`;
  }
  if (isIdentity(selector) && (decision === "non_identity" || decision === "bypass")) {
    return `${selector.kind} needs a login, and decision: ${decision} asks for none; put it in a policy with decision: allow or deny`;
  }
  return undefined;
}

function isToken({ kind }: Selector): boolean {
  return kind === "service_token" || kind === "any_valid_service_token";
}

function isIdentity({ kind }: Selector): boolean {
  return (
    kind === "email" || kind === "email_domain" || kind === "login_method" || kind === "auth_method" || kind === "oidc"
  );
}
