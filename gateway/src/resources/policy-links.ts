import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Catalogue, PolicyEntry, PolicyLink } from "../policies/catalogue.ts";
import type { Problem } from "../policies/compile.ts";
import { type PolicyDocument, policyDocumentSchema } from "../policies/policy-document.ts";
import { invalid } from "./invalid.ts";
import { nameIn } from "./policy-rows.ts";
import { withoutReadOnly } from "./read-only-fields.ts";

/** One of an application's `policies` as it was written: an id, `{ id, precedence }`, or a policy of the application's own. */
export interface PolicyInput {
  readonly id: string | undefined;
  readonly precedence: number | undefined;
  readonly document: PolicyDocument | undefined;
}

export const precedenceField = z.int("must be a whole number").min(0).max(1_000_000);

const linkSchema = z.looseObject({ id: z.string().optional(), precedence: precedenceField.nullish() });

/** `policies` of an application's body. */
export const policyInputsSchema = z.array(
  z.unknown().transform((input, context): PolicyInput => {
    if (typeof input === "string") return { id: input, precedence: undefined, document: undefined };
    const link = linkSchema.safeParse(input);
    if (!link.success) return report(link.error, context);
    const { id, precedence } = link.data;
    const fields = withoutReadOnly(input, "precedence", "reusable", "app_count") as object;
    const isLink = id !== undefined && Object.keys(fields).length === 0;
    const parsed = isLink ? undefined : policyDocumentSchema.safeParse(fields);
    if (parsed?.error !== undefined) return report(parsed.error, context);
    return { id, precedence: precedence ?? undefined, document: parsed?.data };
  }),
);

function report(error: z.ZodError, context: z.core.$RefinementCtx<unknown>): never {
  for (const { path, message } of error.issues) context.addIssue({ code: "custom", path, message });
  return z.NEVER;
}

/** What the inputs come to. */
export interface ResolvedPolicies {
  readonly links: readonly PolicyLink[];
  /** The application's own, new or changed. */
  readonly created: readonly { readonly id: string; readonly document: PolicyDocument }[];
  readonly updated: readonly { readonly id: string; readonly document: PolicyDocument }[];
}

/** @throws {ZodError} */
export function resolvePolicies(
  inputs: readonly PolicyInput[],
  catalogue: Catalogue,
  applicationId: string,
): ResolvedPolicies {
  const problems: Problem[] = [];
  const links: PolicyLink[] = [];
  const created: { id: string; document: PolicyDocument }[] = [];
  const updated: { id: string; document: PolicyDocument }[] = [];
  for (const [index, { id, precedence = index + 1, document }] of inputs.entries()) {
    const policyId = id ?? randomUUID();
    const entry = id === undefined ? undefined : catalogue.policies.get(id);
    const message =
      (id === undefined ? undefined : linkProblem(entry, applicationId, document)) ??
      (links.some((link) => link.policyId === policyId) ? "is the same policy twice" : undefined) ??
      (links.some((link) => link.precedence === precedence) ? TAKEN_PRECEDENCE : undefined);
    if (message !== undefined) problems.push({ path: ["policies", index], message });
    links.push({ policyId, precedence });
    if (document !== undefined && id === undefined) created.push({ id: policyId, document });
    if (document !== undefined && entry?.applicationId === applicationId) updated.push({ id: policyId, document });
  }
  if (problems.length > 0) throw invalid(problems);
  return { links: links.toSorted((a, b) => a.precedence - b.precedence), created, updated };
}

export const TAKEN_PRECEDENCE = "has the precedence of another one: policy precedences must be unique";

function linkProblem(
  entry: PolicyEntry | undefined,
  applicationId: string,
  document: PolicyDocument | undefined,
): string | undefined {
  if (entry === undefined) return "names a policy that is not there; leave the id out to make a new one";
  if (entry.applicationId === applicationId) return undefined;
  if (entry.applicationId !== null) {
    return `names the policy "${nameIn(entry.raw)}" of another application: only reusable ones can be shared`;
  }
  if (document === undefined || JSON.stringify(document) === JSON.stringify(entry.document)) return undefined;
  return `would change the reusable policy "${nameIn(entry.raw)}" for all of its applications: change it by PUT /access/policies/${entry.id}, and send its id alone here`;
}
