import type { Logger } from "@gatehouse/service";
import type { SecretBox } from "../keys/secret-box.ts";
import { type Catalogue, EMPTY_CATALOGUE, mergeCatalogues } from "../policies/catalogue.ts";
import { type CatalogueProblem, type CompileSettings, compileCatalogue } from "../policies/compile-catalogue.ts";
import { type Configuration, type ConfigurationSource, createConfiguration } from "../policies/configuration.ts";
import type { IdentityProviderModel } from "../policies/model.ts";
import { type Policies, parsePolicyFile } from "../policies/policy-file.ts";
import type { ChangeFeed } from "../store/change-feed.ts";
import type { Store } from "../store/store.ts";
import { environmentEntry } from "./environment-entry.ts";
import { watchPolicyFile } from "./policy-file-watch.ts";
import { CATALOGUE_KINDS, type CatalogueMoment, lastChange, readMoment } from "./stored-catalogue.ts";

/** The present configuration and what it was made of. */
export interface OpenConfiguration extends ConfigurationSource {
  /** Everything as documents, from the store, the policy file and the environment. */
  catalogue(): Catalogue;
  /** What cannot be used, and refuses everyone for it. */
  problems(): readonly CatalogueProblem[];
  /** What the API can show but not change. */
  readOnly(): Catalogue;
  readonly settings: CompileSettings;
  /** Runs after every change, whatever brought it. */
  onChange(listener: () => void): void;
  /** Changes with the content of the policy file; empty without one. */
  fileVersion(): string;
  /** Looks at the policy file now. */
  lookAtFile(): Promise<void>;
  close(): void;
}

export interface OpenConfigurationDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly logger: Logger;
}

export interface OpenConfigurationOptions {
  readonly policies: Policies;
  /** Where `policies` were read from: watched. Undefined: they stay as they are. */
  readonly policyFile: string | undefined;
  /** The identity provider of the environment. */
  readonly identityProvider: IdentityProviderModel | null;
  readonly settings: CompileSettings;
}

/**
 * The configuration, fed by the store, the policy file and the environment. A change makes one new snapshot per batch, in force
 * before the poll that brought it ends. What cannot be used refuses everyone, alone, and is logged.
 */
export async function openConfiguration(
  deps: OpenConfigurationDeps,
  { policies, policyFile, identityProvider, settings }: OpenConfigurationOptions,
): Promise<OpenConfiguration> {
  const { logger } = deps;
  let { catalogue: file, version: fileVersion } = policies;
  const environment = identityProvider === null ? [] : [environmentEntry(identityProvider)];
  const identityProviders = new Map(environment.map((entry) => [entry.id, entry]));
  const readOnly = () => mergeCatalogues(file, { ...EMPTY_CATALOGUE, identityProviders });
  const build = createBuilder(settings, logger);
  const listeners: (() => void)[] = [];
  const stored = await followStore(deps, () => rebuild());
  let snapshot = build(mergeCatalogues(readOnly(), stored()));
  const rebuild = () => {
    snapshot = build(mergeCatalogues(readOnly(), stored()));
    for (const listener of listeners) listener();
  };
  const watch =
    policyFile === undefined
      ? undefined
      : watchPolicyFile({
          path: policyFile,
          version: policies.version,
          parse: (text) => parsePolicyFile(text, policyFile, settings),
          logger,
          onChange(next) {
            file = next.catalogue;
            fileVersion = next.version;
            rebuild();
          },
        });
  return {
    settings,
    current: () => snapshot.configuration,
    catalogue: () => snapshot.catalogue,
    problems: () => snapshot.problems,
    readOnly,
    onChange: (listener) => void listeners.push(listener),
    fileVersion: () => fileVersion,
    lookAtFile: async () => watch?.look(),
    close: () => watch?.close(),
  };
}

/** What the store has, read again when it changes; subscribed to before it is first read, so that nothing is missed. */
async function followStore(
  { store, feed, box }: OpenConfigurationDeps,
  onChange: () => void,
): Promise<() => Catalogue> {
  const loading = readMoment(store, box);
  let moment: CatalogueMoment;
  let isStale = false;
  const readAgain = async () => {
    await loading;
    // Of a batch of changes the first read has them all.
    if ((await lastChange(store)) === moment.seq) return;
    moment = await readMoment(store, box);
    isStale = true;
  };
  for (const kind of CATALOGUE_KINDS) feed.subscribe(kind, readAgain);
  feed.onApplied(() => {
    if (isStale) onChange();
    isStale = false;
  });
  moment = await loading;
  return () => moment.catalogue;
}

interface Snapshot {
  readonly configuration: Configuration;
  readonly catalogue: Catalogue;
  readonly problems: readonly CatalogueProblem[];
}

/** Makes snapshots, counts them, and logs each problem when it first appears. */
function createBuilder(settings: CompileSettings, logger: Logger): (catalogue: Catalogue) => Snapshot {
  let count = 0;
  let logged = new Set<string>();
  return (catalogue) => {
    const { problems, ...parts } = compileCatalogue(catalogue, settings);
    count += 1;
    const now = new Set(problems.map((problem) => JSON.stringify(problem)));
    for (const problem of problems) {
      if (logged.has(JSON.stringify(problem))) continue;
      const { kind, id, name, path, message } = problem;
      logger.error(
        { kind, id, name, place: path.join("."), problem: message },
        "a part of the configuration cannot be used, and refuses everyone",
      );
    }
    logged = now;
    return { configuration: createConfiguration({ ...parts, version: String(count) }), catalogue, problems };
  };
}
