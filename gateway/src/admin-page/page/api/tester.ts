import type { Rule } from "../rules/rule.ts";
import { send } from "./client.ts";

/** A request that nobody has sent, and by whom it would be. */
export interface Trial {
  readonly url: string;
  readonly ip?: string;
  readonly country?: string;
  /** Left out: nobody. */
  readonly subject?:
    | { readonly service_token: string }
    | {
        readonly email: string;
        readonly identity_provider_id?: string;
        readonly claims?: Readonly<Record<string, unknown>>;
      };
}

export interface TrialAnswer {
  readonly application: { readonly id: string; readonly name: string; readonly domain: string } | null;
  readonly decision: "allowed" | "bypassed" | "refused" | "answered";
  /** Empty when let in. */
  readonly reason: string;
  /** The one that decides. */
  readonly policy: { readonly id: string; readonly name: string } | null;
  /** In the order of evaluation. */
  readonly policies: readonly PolicyTrial[];
}

export interface PolicyTrial {
  readonly id: string;
  readonly name: string;
  readonly decision: string;
  /** Whether it is about this kind of caller at all. */
  readonly applies: boolean;
  readonly matches: boolean;
  readonly decides: boolean;
  readonly rules: readonly RuleTrial[];
}

export interface RuleTrial {
  readonly list: "include" | "require" | "exclude";
  readonly rule: Rule | null;
  readonly matches: boolean;
}

export function tryPolicies(trial: Trial): Promise<TrialAnswer> {
  return send("POST", "/access/policy_dry_run", trial);
}
