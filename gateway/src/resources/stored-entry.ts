import { GatewayError, type GatewayErrorCode } from "../errors.ts";
import type { Entry } from "../policies/catalogue.ts";

/** What is called what in messages, and which error says that there is none. */
const NAMES = {
  application: ["application", "ERR_APPLICATION_NOT_FOUND"],
  policy: ["policy", "ERR_POLICY_NOT_FOUND"],
  group: ["group", "ERR_GROUP_NOT_FOUND"],
  identity_provider: ["identity provider", "ERR_IDENTITY_PROVIDER_NOT_FOUND"],
} as const satisfies Readonly<Record<string, readonly [string, GatewayErrorCode]>>;

export type EntryKind = keyof typeof NAMES;

/** What is new in the store, as of an instant. */
export function storedEntry<Document>(id: string, document: Document, at: string): Entry<Document> {
  return { id, source: "store", createdAt: at, updatedAt: at, document, raw: document, problems: [] };
}

/** An entry with another document, which was checked. */
export function withDocument<E extends Entry<unknown>>(entry: E, document: NonNullable<E["document"]>): E {
  return { ...entry, document, raw: document, problems: [] };
}

/** @throws {GatewayError} `ERR_RESOURCE_IN_USE`, with all that name it */
export function refuseInUse(kind: EntryKind, users: readonly string[]): void {
  if (users.length === 0) return;
  const message = `The ${NAMES[kind][0]} is in use by ${users.join(", ")}: take it out of them first.`;
  throw new GatewayError("ERR_RESOURCE_IN_USE", message);
}

/** @throws {GatewayError} `ERR_APPLICATION_NOT_FOUND` and the like */
export function foundEntry<E>(entry: E | undefined, kind: EntryKind): E {
  if (entry !== undefined) return entry;
  const [name, code] = NAMES[kind];
  throw new GatewayError(code, `There is no ${name} with this id; list them to see which there are.`);
}

/** An entry that may be changed here. @throws {GatewayError} also `ERR_RESOURCE_READ_ONLY` */
export function changeableEntry<E extends Entry<unknown>>(entry: E | undefined, kind: EntryKind): E {
  const found = foundEntry(entry, kind);
  if (found.source === "store") return found;
  const place =
    found.source === "file"
      ? "the policy file (GATEWAY_POLICY_FILE): change it there, it is read again within a second"
      : "the gateway's environment: change it there, and restart";
  throw new GatewayError("ERR_RESOURCE_READ_ONLY", `This ${NAMES[kind][0]} is managed by ${place}.`);
}
