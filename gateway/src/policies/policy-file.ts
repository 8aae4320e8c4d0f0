import { createHash } from "node:crypto";
import { ConfigError, type ConfigProblem } from "@gatehouse/service";
import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { APPLICATION_FIELDS, toDocument } from "./application-document.ts";
import { type Catalogue, EMPTY_CATALOGUE, type EntrySource } from "./catalogue.ts";
import { type CatalogueProblem, compileCatalogue } from "./compile-catalogue.ts";
import type { KnownFacts } from "./known-facts.ts";
import type { Application } from "./model.ts";
import { NO_ORIGINS, type Origins } from "./origins.ts";
import { groupDocumentSchema, policyDocumentSchema } from "./policy-document.ts";
import { stableId } from "./stable-id.ts";

const aud = z
  .string("must be text: YAML may take digits for a number, so put it in quotes")
  .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits (openssl rand -hex 32) and never change");

const applicationSchema = z
  .strictObject({
    ...APPLICATION_FIELDS,
    aud,
    policies: z.array(policyDocumentSchema).min(1, "needs at least one policy: without one nobody gets in"),
  })
  .transform(({ aud, policies, ...fields }, context) => ({ aud, policies, document: toDocument(fields, context) }));

const groupSchema = z
  .looseObject({ id: z.string().min(1, "is required: what the policies call the group by") })
  .transform(({ id, ...fields }, context) => {
    const parsed = groupDocumentSchema.safeParse(fields);
    if (parsed.success) return { id, document: parsed.data };
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  });

const fileSchema = z.strictObject({
  applications: z.array(applicationSchema).min(1, "needs at least one application"),
  groups: z.array(groupSchema).default([]),
});

type PolicyFile = z.output<typeof fileSchema>;

/** What the policy file gives. */
export interface Policies {
  readonly applications: readonly Application[];
  /** The same as documents, for the admin API to show. */
  readonly catalogue: Catalogue;
  /** Changes with the content. */
  readonly version: string;
}

/** Of a gateway without a policy file. */
export const NO_POLICIES: Policies = { applications: [], catalogue: EMPTY_CATALOGUE, version: "" };

/** YAML aliases may be used, but not to blow a small file up. */
const MAX_ALIASES = 100;

export interface PolicyFileSettings {
  /** `GATEWAY_ORIGINS`. Default: every application names its own. */
  readonly origins?: Origins;
  /** Default: all; the gateway itself looks again. */
  readonly facts?: KnownFacts;
}

/**
 * Reads the policy file: applications, their policies and groups, with the field names of Cloudflare's API.
 *
 * @param text YAML (so JSON too).
 * @param fileName Stands in front of each problem's place: `policies.yaml:12 applications[0].aud`.
 * @throws {ConfigError} with every problem.
 */
export function parsePolicyFile(
  text: string,
  fileName = "policies",
  { origins = NO_ORIGINS, facts = { hasCountry: true, hasClientCertificate: true } }: PolicyFileSettings = {},
): Policies {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({
        name: `${fileName}:${lines.linePos(error.pos[0]).line}`,
        problem: `is not YAML: ${error.message}`,
      })),
    );
  }
  const problemAt = (path: readonly PropertyKey[], problem: string): ConfigProblem => {
    const place = placeOf(path);
    return { name: `${fileName}:${lineOf(path, document, lines)}${place === "" ? "" : ` ${place}`}`, problem };
  };
  const parsed = fileSchema.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => problemAt(path, message)));
  }
  const { catalogue, paths } = catalogueOf(parsed.data);
  const { applications, problems } = compileCatalogue(catalogue, { origins, facts });
  if (problems.length > 0)
    throw new ConfigError(ownProblems(problems).map((one) => problemAt(pathOf(one, paths), one.message)));
  const version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { applications, catalogue, version };
}

type Paths = ReadonlyMap<string, readonly (string | number)[]>;

function pathOf({ kind, id, path }: CatalogueProblem, paths: Paths): (string | number)[] {
  return [...(paths.get(`${kind} ${id}`) ?? []), ...path];
}

/** A policy's problem is told once, not again for the application that has the policy. */
function ownProblems(problems: readonly CatalogueProblem[]): readonly CatalogueProblem[] {
  return problems.filter(({ kind, path }) => kind !== "application" || path[0] !== "policies");
}

/** The file as documents, and where in the file each of them stands. */
function catalogueOf({ applications, groups }: PolicyFile): { catalogue: Catalogue; paths: Paths } {
  const paths = new Map<string, (string | number)[]>();
  const catalogue = {
    ...EMPTY_CATALOGUE,
    applications: new Map(EMPTY_CATALOGUE.applications),
    policies: new Map(EMPTY_CATALOGUE.policies),
    groups: new Map(EMPTY_CATALOGUE.groups),
  };
  for (const [index, { aud, policies, document }] of applications.entries()) {
    // Two with one aud are two entries all the same: the second is told that it is taken.
    const id = catalogue.applications.has(stableId(aud)) ? stableId(`${aud} ${index}`) : stableId(aud);
    const links = policies.map((_, at) => ({ policyId: stableId(`${aud} policy ${at}`), precedence: at + 1 }));
    paths.set(`application ${id}`, ["applications", index]);
    catalogue.applications.set(id, { ...entryOf(id, document), aud, policies: links });
    for (const [at, policy] of policies.entries()) {
      const policyId = links[at]?.policyId ?? "";
      paths.set(`policy ${policyId}`, ["applications", index, "policies", at]);
      catalogue.policies.set(policyId, { ...entryOf(policyId, policy), applicationId: id });
    }
  }
  for (const [index, { id, document }] of groups.entries()) {
    paths.set(`group ${id}`, ["groups", index]);
    catalogue.groups.set(id, entryOf(id, document));
  }
  return { catalogue, paths };
}

function entryOf<D>(id: string, document: D) {
  const source: EntrySource = "file";
  return { id, source, createdAt: "", updatedAt: "", document, raw: document, problems: [] };
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/** The line of the deepest part of the path that the file has: a missing field is shown at its parent. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: readonly [number, number, number] }
      | undefined;
    if (node?.range !== undefined) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
