import type { Transaction } from "kysely";
import { type By, recordAuditEvent } from "../audit/event.ts";
import type { AuditEventName } from "../audit/event-names.ts";
import { GatewayError } from "../errors.ts";
import { type Catalogue, mergeCatalogues } from "../policies/catalogue.ts";
import { type CatalogueProblem, compileCatalogue } from "../policies/compile-catalogue.ts";
import { recordChange } from "../store/change-feed.ts";
import type { Schema } from "../store/schema.ts";
import type { ResourceDeps } from "./deps.ts";
import { invalid } from "./invalid.ts";
import { type CatalogueKind, readCatalogue } from "./stored-catalogue.ts";

export interface ChangeSubject {
  /** What the change feed tells the gateways to read again. */
  readonly kind: CatalogueKind;
  readonly id: string;
  readonly by: By;
}

export interface ChangeDraft {
  readonly transaction: Transaction<Schema>;
  /** As it is, the read-only parts included. */
  readonly catalogue: Catalogue;
  /** RFC 3339. */
  readonly at: string;
}

export interface ChangeResult {
  /** As it is to be. */
  readonly catalogue: Catalogue;
  readonly event: AuditEventName;
  /** For the audit log: id and name of what was changed, and what of it. Never a secret. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly application?: { readonly id: string; readonly name: string };
}

/**
 * One change with its audit line, in one transaction, in force in this process when it returns. Changes of one store come one after
 * the other, so what was read stays true. What would break anything that works now is refused, with all that it would break.
 *
 * @throws {ZodError} what is wrong, by place
 * @throws {GatewayError} `ERR_APPLICATION_EXISTS`
 */
export async function changeCatalogue(
  deps: ResourceDeps,
  { kind, id, by }: ChangeSubject,
  work: (draft: ChangeDraft) => Promise<ChangeResult>,
): Promise<void> {
  const { store, feed, box, now, configuration } = deps;
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, kind, id, now());
    const before = mergeCatalogues(configuration.readOnly(), await readCatalogue(transaction, box));
    const at = new Date(now()).toISOString();
    const { catalogue, event, detail, application } = await work({ transaction, catalogue: before, at });
    refuseNewProblems(before, catalogue, { kind, id }, deps);
    const line = {
      kind: "change",
      event,
      isAllowed: true,
      reason: event.slice(event.indexOf(".") + 1),
      detail,
    } as const;
    await recordAuditEvent(transaction, { ...by, ...line, ...(application && { application }) }, now());
  });
  await feed.poll();
}

function refuseNewProblems(
  before: Catalogue,
  after: Catalogue,
  subject: Pick<ChangeSubject, "kind" | "id">,
  { configuration: { settings } }: ResourceDeps,
): void {
  const { problems } = compileCatalogue(after, settings);
  if (problems.length === 0) return;
  const old = new Set(compileCatalogue(before, settings).problems.map((problem) => JSON.stringify(problem)));
  const news = problems.filter((problem) => isOf(problem, subject) || !old.has(JSON.stringify(problem)));
  const taken = news.find(({ isTaken }) => isTaken);
  if (taken !== undefined)
    throw new GatewayError("ERR_APPLICATION_EXISTS", `${taken.path.join(".")} ${taken.message}.`);
  // A group's problem shows up in the policies that name it, and theirs in the applications: the root is told.
  const own = news.filter((problem) => isOf(problem, subject));
  const told = own.length > 0 ? own : news;
  if (told.length > 0) throw invalid(told.map((problem) => tell(problem, subject)));
}

function isOf({ kind, id }: CatalogueProblem, subject: Pick<ChangeSubject, "kind" | "id">): boolean {
  return kind === subject.kind && id === subject.id;
}

function tell(problem: CatalogueProblem, subject: Pick<ChangeSubject, "kind" | "id">) {
  if (isOf(problem, subject)) return problem;
  const { kind, name, path, message } = problem;
  return { path: [], message: `would break the ${kind.replace("_", " ")} "${name}": ${path.join(".")} ${message}` };
}

/** The fields whose values differ, for the audit log. */
export function changedFields(before: unknown, after: object): string[] {
  const old = (typeof before === "object" && before !== null ? before : {}) as Readonly<Record<string, unknown>>;
  const next = after as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(
    (field) => JSON.stringify(old[field]) !== JSON.stringify(next[field]),
  );
}
