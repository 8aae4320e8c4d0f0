import type { RefusalReason } from "@gatehouse/access-client/contract";

/** Why the gateway refused, for the admin: exactly, with what to look at. */
const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  bad_request: "The request could be read in two ways, as attacks can.",
  headers_too_large: "The target and the headers were too long, or too many.",
  no_application: "No application is at this address.",
  no_credential: "No service token and no login was shown.",
  ambiguous_credential: "More than one credential was shown.",
  incomplete_credential: "Only half of the pair was shown.",
  service_token_unknown: "No service token has this Client ID.",
  service_token_secret_mismatch: "The secret is wrong: mistyped, from before a rotation, or a guess.",
  service_token_disabled: "The service token is disabled.",
  service_token_expired: "The service token has expired. Extend it, or make a new one.",
  service_token_needs_service_auth: "The token is good, but no Service Auth policy of the application names it.",
  token_malformed: "The JWT could not be read.",
  token_signature: "The JWT was not signed by this gateway.",
  token_expired: "The JWT had expired.",
  token_wrong_audience: "The JWT was for another application.",
  token_revoked: "The JWT was revoked.",
  session_unknown: "The login had ended.",
  pair_required: "Strict mode: the pair is asked for with every request, a JWT alone is not enough.",
  too_many_failures: "Too many failed attempts from this address or for this Client ID.",
  too_many_open_requests: "Too many requests from this address were under way.",
  preflight_refused:
    "A browser asked before a call from another site, and the application has no CORS settings for it.",
  policy_denied: "A Block policy matched.",
  no_policy_matched: "No policy matched, and no match is a no.",
  origin_unreachable: "The origin could not be reached.",
  origin_timeout: "The origin did not answer in time.",
  origin_failed: "The origin broke off in the middle.",
  store_unavailable: "The gateway’s database did not answer.",
  overloaded: "The gateway had too much to do.",
};

/** Of logins that came to nothing and of calls to the admin API. */
const OTHERS: Readonly<Record<string, string>> = {
  attempt_unknown: "This login was begun in another browser, too long ago, or was finished already.",
  ticket_unknown: "The way back from the login was used a second time, or too late.",
  no_api_token: "No API token was shown.",
  wrong_api_token: "The API token is not known, or has expired.",
  missing_scope: "The API token has no right to that.",
};

const WORDS: Readonly<Record<string, string>> = { ...REFUSALS, ...OTHERS };

/** Empty when there is nothing to say beyond the event. */
export function reasonWords(reason: string): string {
  return (Object.hasOwn(WORDS, reason) && WORDS[reason]) || reason.replaceAll("_", " ");
}

export const REASONS: readonly string[] = Object.keys(WORDS);
