import { z } from "zod";
import { keptField, nameField, sessionDurationField, unsupportedField, withoutNulls } from "./fields.ts";
import { ruleSchema } from "./rule-document.ts";

const rules = z.array(ruleSchema).default([]);
const include = z.array(ruleSchema).min(1, "needs at least one rule: an empty list would let nobody in");

/** A policy with Cloudflare's field names: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/policies/ */
export const policyDocumentSchema = z.preprocess(
  withoutNulls,
  z.strictObject({
    name: nameField,
    decision: z.enum(["allow", "deny", "non_identity", "bypass"], {
      error: "must be one of: allow, deny, non_identity (Service Auth), bypass",
    }),
    include,
    require: rules,
    exclude: rules,
    session_duration: sessionDurationField.optional(),
    purpose_justification_prompt: keptField,
    purpose_justification_required: unsupportedField("asking people for a purpose"),
    approval_required: unsupportedField("approval by an administrator"),
    approval_groups: unsupportedField("approval by an administrator"),
    isolation_required: unsupportedField("browser isolation"),
    connection_rules: unsupportedField("rules for SSH and RDP connections"),
    mfa_config: unsupportedField("asking for a second factor; require auth_method instead"),
  }),
);

export type PolicyDocument = z.output<typeof policyDocumentSchema>;

/** A group: rules under a name, for policies to include, require or exclude. */
export const groupDocumentSchema = z.preprocess(
  withoutNulls,
  z.strictObject({
    name: nameField,
    include,
    require: rules,
    exclude: rules,
    is_default: unsupportedField("default groups"),
  }),
);

export type GroupDocument = z.output<typeof groupDocumentSchema>;
