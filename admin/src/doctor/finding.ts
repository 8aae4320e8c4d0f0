/** As it should be. */
type GoodCode =
  | "NAME_RESOLVES"
  | "REACHABLE"
  | "ACCESS_PRESENT"
  | "ADMITTED"
  | "MODE_EXCHANGE"
  | "MODE_PAIR"
  | "TOKEN_GOOD"
  | "CLOCK_GOOD"
  | "SERVICE_TOKEN_GOOD"
  | "ORIGIN_CLOSED"
  | "ORIGIN_CHECKS"
  | "SLACK_TOKEN_GOOD"
  | "SLACK_SOCKET_GOOD";

/**
 * Who mends it: who runs the doctor; who runs the machines, the network and the bot; who looks after Access's applications,
 * policies and tokens; who writes the app.
 */
export type Mender = "you" | "operator" | "admin" | "developer";

/** Each fault, in the order of the examination, and who mends it. */
const MENDERS = {
  NAME_UNKNOWN: "operator",
  UNREACHABLE: "operator",
  TLS_FAILS: "operator",
  CERTIFICATE_INVALID: "operator",
  CERTIFICATE_ENDS_SOON: "operator",
  ACCESS_ABSENT: "admin",
  GATEWAY_FAILS: "operator",
  CREDENTIALS_MISSING: "you",
  CREDENTIALS_REFUSED: "operator",
  POLICY_WANTS_LOGIN: "admin",
  NOT_ADMITTED: "admin",
  APP_FAILS: "developer",
  APP_REFUSES: "developer",
  TOKEN_UNREADABLE: "operator",
  TOKEN_NOT_REUSABLE: "operator",
  TOKEN_AUDIENCE_DIFFERS: "admin",
  TOKEN_SHORT_LIVED: "admin",
  TOKEN_UNVERIFIABLE: "operator",
  TOKEN_AUDIENCE_UNEXPECTED: "operator",
  CLOCK_SKEWED: "operator",
  SERVICE_TOKEN_ENDS_SOON: "admin",
  ORIGIN_OPEN: "developer",
  ORIGIN_TRUSTS_ANYONE: "developer",
  SLACK_UNREACHABLE: "operator",
  SLACK_TOKEN_REFUSED: "operator",
  SLACK_SCOPES_MISSING: "operator",
  SLACK_SOCKET_REFUSED: "operator",
} as const satisfies Readonly<Record<string, Mender>>;

export type FaultCode = keyof typeof MENDERS;

/** What the doctor can find. A closed union: scripts may switch on it. */
type FindingCode = GoodCode | FaultCode;

/** `problem`: it does not work. `warning`: it works, and will not for long, or not for everyone. `good`: as it should be. */
export type Severity = "good" | "warning" | "problem";

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What was found, in plain words. */
  readonly text: string;
  /** What to do; for all but good findings. */
  readonly advice?: string;
  /** Who does it; for all but good findings. */
  readonly mendedBy?: Mender;
}

export function good(code: GoodCode, text: string): Finding {
  return { code, severity: "good", text };
}

export function warning(code: FaultCode, text: string, advice: string): Finding {
  return { code, severity: "warning", text, advice, mendedBy: MENDERS[code] };
}

export function problem(code: FaultCode, text: string, advice: string): Finding {
  return { code, severity: "problem", text, advice, mendedBy: MENDERS[code] };
}
