import { ACCESS_PATH_PREFIX, type RefusalReason } from "@gatehouse/access-client/contract";
import {
  authorize,
  isAbout,
  isVouchedFor,
  matches,
  type RequestFacts,
  type Subject,
  selects,
} from "../request/authorize.ts";
import type { Target } from "../request/target.ts";
import type { Configuration } from "./configuration.ts";
import type { Application, Policy } from "./model.ts";

/** A request that nobody has sent. */
export interface DryRunQuestion {
  readonly target: Target;
  /** Whether it is a browser's preflight (CORS). */
  readonly isPreflight: boolean;
  readonly facts: RequestFacts;
  /** Undefined: nobody, or somebody whose credential does not count, and why. */
  readonly subject: Subject | undefined;
  readonly unauthenticated: RefusalReason;
  /** With its port: where people log in. */
  readonly issuerHost: string;
}

export interface DryRunAnswer {
  readonly application: Application | undefined;
  /** `answered`: by the gateway itself. */
  readonly decision: "allowed" | "bypassed" | "refused" | "answered";
  /** Empty when let in. */
  readonly reason: RefusalReason | "preflight" | "own_endpoint" | "";
  /** In the order of evaluation. Those after the decisive one would not be looked at any more. */
  readonly policies: readonly PolicyTrial[];
}

export interface PolicyTrial {
  readonly policy: Policy;
  /** Whether it is about this kind of caller at all: `allow` is about people, `non_identity` about service tokens. */
  readonly isApplicable: boolean;
  readonly isMatch: boolean;
  /** Whether it is the one that decides. */
  readonly isDecisive: boolean;
  readonly rules: readonly RuleTrial[];
}

interface RuleTrial {
  readonly list: "include" | "require" | "exclude";
  readonly index: number;
  readonly isMatch: boolean;
}

const LISTS = ["include", "require", "exclude"] as const;

const OWN_ENDPOINT = { decision: "answered", reason: "own_endpoint" } as const;

/** Would this caller reach this address, and which rule says so? Decided by what decides about requests, and by nothing else. */
export function dryRun(configuration: Configuration, question: DryRunQuestion): DryRunAnswer {
  const { target, isPreflight, issuerHost } = question;
  const without = (answer: Pick<DryRunAnswer, "decision" | "reason">, application?: Application): DryRunAnswer => {
    return { ...answer, application, policies: [] };
  };
  const isAtIssuer = target.host === issuerHost;
  const isServed = isAtIssuer || configuration.serves(target.host);
  if (isServed && target.path.startsWith(ACCESS_PATH_PREFIX)) return without(OWN_ENDPOINT);
  const choice = configuration.choose(target);
  // Where no application has it, the issuer's first page is the launcher.
  if (!choice.ok && isAtIssuer && target.path === "/") return without(OWN_ENDPOINT);
  if (!choice.ok) return without({ decision: "refused", reason: choice.reason });
  const { application } = choice;
  if (isPreflight && application.cors !== null)
    return without({ decision: "answered", reason: "preflight" }, application);
  if (isPreflight && application.isPreflightBypassed)
    return without({ decision: "bypassed", reason: "preflight" }, application);
  return judge(application, question);
}

function judge(application: Application, { subject, facts, unauthenticated }: DryRunQuestion): DryRunAnswer {
  const decision = authorize(application, subject, facts);
  const isForeign = subject?.kind === "person" && !isVouchedFor(application, subject);
  const known = isForeign ? undefined : subject;
  const policies = application.policies.map((policy): PolicyTrial => {
    const isApplicable = isAbout(policy, known);
    const isAgainst = policy.decision === "deny";
    const rules = LISTS.flatMap((list) =>
      policy[list].map((selector, index): RuleTrial => {
        const isMatch = isApplicable && selects(selector, known, facts, list === "exclude" ? !isAgainst : isAgainst);
        return { list, index, isMatch };
      }),
    );
    const isMatch = isApplicable && matches(policy, known, facts, isAgainst);
    return { policy, isApplicable, isMatch, isDecisive: decision.policy === policy, rules };
  });
  if (decision.outcome !== "refused") return { application, decision: decision.outcome, reason: "", policies };
  return {
    application,
    decision: "refused",
    reason: subject === undefined ? unauthenticated : decision.reason,
    policies,
  };
}
