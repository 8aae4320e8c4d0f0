/** What the doctor can find, in the order of its examination. A closed union: scripts may switch on it. */
export type FindingCode =
  | "NAME_UNKNOWN"
  | "NAME_RESOLVES"
  | "UNREACHABLE"
  | "CERTIFICATE_INVALID"
  | "CERTIFICATE_ENDS_SOON"
  | "REACHABLE"
  | "ACCESS_ABSENT"
  | "ACCESS_PRESENT"
  | "GATEWAY_FAILS"
  | "CREDENTIALS_MISSING"
  | "CREDENTIALS_REFUSED"
  | "POLICY_WANTS_LOGIN"
  | "NOT_ADMITTED"
  | "ADMITTED"
  | "APP_FAILS"
  | "MODE_EXCHANGE"
  | "MODE_PAIR"
  | "TOKEN_UNREADABLE"
  | "TOKEN_NOT_REUSABLE"
  | "TOKEN_AUDIENCE_DIFFERS"
  | "TOKEN_SHORT_LIVED"
  | "TOKEN_GOOD"
  | "CLOCK_SKEWED"
  | "CLOCK_GOOD"
  | "SERVICE_TOKEN_ENDS_SOON"
  | "SERVICE_TOKEN_GOOD"
  | "TOKEN_UNVERIFIABLE"
  | "TOKEN_AUDIENCE_UNEXPECTED"
  | "ORIGIN_CLOSED"
  | "ORIGIN_CHECKS"
  | "ORIGIN_OPEN"
  | "ORIGIN_TRUSTS_ANYONE"
  | "SLACK_UNREACHABLE"
  | "SLACK_TOKEN_REFUSED"
  | "SLACK_SCOPES_MISSING"
  | "SLACK_TOKEN_GOOD"
  | "SLACK_SOCKET_REFUSED"
  | "SLACK_SOCKET_GOOD";

/** `problem`: it does not work. `warning`: it works, and will not for long, or not for everyone. `good`: as it should be. */
export type Severity = "good" | "warning" | "problem";

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What was found, in plain words. */
  readonly text: string;
  /** What to do; for all but good findings. */
  readonly advice?: string;
}

export function good(code: FindingCode, text: string): Finding {
  return { code, severity: "good", text };
}

export function warning(code: FindingCode, text: string, advice: string): Finding {
  return { code, severity: "warning", text, advice };
}

export function problem(code: FindingCode, text: string, advice: string): Finding {
  return { code, severity: "problem", text, advice };
}
