import type { Transaction } from "kysely";
import type { Catalogue } from "../policies/catalogue.ts";
import type { Problem } from "../policies/compile.ts";
import type { RuleDocument } from "../policies/rule-document.ts";
import type { Schema } from "../store/schema.ts";

import type { ChangeDraft } from "./change.ts";
import { invalid } from "./invalid.ts";

const LISTS = ["include", "require", "exclude"] as const;

type RulesDocument = Readonly<Record<(typeof LISTS)[number], readonly RuleDocument[]>>;

interface Reference {
  readonly path: readonly (string | number)[];
  readonly kind: "token" | "identity_provider";
  readonly id: string;
}

/** Service tokens and identity providers that rules name and that are not there. Groups are looked at when rules are compiled. */
export async function missingReferences(
  document: RulesDocument,
  catalogue: Catalogue,
  transaction: Transaction<Schema>,
): Promise<Problem[]> {
  const references = LISTS.flatMap((list) =>
    document[list].flatMap((rule, index) =>
      referencesOf(rule).map((one) => ({ ...one, path: [list, index, ...one.path] })),
    ),
  );
  const tokens = await knownTokens(references, transaction);
  return references.flatMap(({ kind, id, path }) => {
    if (kind === "token" && !tokens.has(id.toLowerCase())) return [{ path, message: NO_TOKEN }];
    if (kind === "identity_provider" && !catalogue.identityProviders.has(id)) return [{ path, message: NO_PROVIDER }];
    return [];
  });
}

/** @throws {ZodError} with every reference to what is not there */
export async function refuseMissingReferences(
  document: RulesDocument,
  { catalogue, transaction }: Pick<ChangeDraft, "catalogue" | "transaction">,
): Promise<void> {
  const problems = await missingReferences(document, catalogue, transaction);
  if (problems.length > 0) throw invalid(problems);
}

export const NO_PROVIDER = "names an identity provider that is not there";
const NO_TOKEN = "names a service token that is not there; list them to see their ids";

function referencesOf(rule: RuleDocument): Reference[] {
  const [name = "", value] = Object.entries(rule)[0] ?? [];
  const fields = value as Readonly<Record<string, unknown>>;
  const reference = (kind: Reference["kind"], field: string): Reference[] => {
    return [{ kind, id: String(fields[field]), path: [name, field] }];
  };
  if (name === "service_token") return reference("token", "token_id");
  if (name === "login_method") return reference("identity_provider", "id");
  if (name === "oidc") return reference("identity_provider", "identity_provider_id");
  return [];
}

async function knownTokens(references: readonly Reference[], transaction: Transaction<Schema>): Promise<Set<string>> {
  const ids = references.filter(({ kind }) => kind === "token").map(({ id }) => id.toLowerCase());
  if (ids.length === 0) return new Set();
  const rows = await transaction.selectFrom("service_tokens").select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Whether a document's rules name something by its id. */
export function namesInRules(document: RulesDocument | undefined, rule: string, field: string, id: string): boolean {
  if (document === undefined) return false;
  return LISTS.some((list) =>
    document[list].some((one) => (one[rule] as Readonly<Record<string, unknown>> | undefined)?.[field] === id),
  );
}
