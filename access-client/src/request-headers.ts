import type { OutgoingHttpHeader } from "node:http";
import type { Dispatcher } from "undici";
import { HEADERS } from "./contract.ts";
import type { Pass } from "./pass.ts";

type GivenHeaders = Dispatcher.DispatchOptions["headers"];
type HeaderRecord = Record<string, OutgoingHttpHeader | undefined>;

/** The headers that carry credentials to the gateway. A caller's own under these names are dropped: they would make two. */
export const CREDENTIAL_HEADERS: readonly string[] = [HEADERS.clientId, HEADERS.clientSecret, HEADERS.token];

/** A fresh headers object: the caller's, and the pass. What the caller gave is never changed. */
export function withPass(given: GivenHeaders, pass: Pass): HeaderRecord {
  const headers: HeaderRecord = {};
  if (given != null) copyHeaders(given, headers);
  pass.addTo(headers);
  return headers;
}

function copyHeaders(given: NonNullable<GivenHeaders>, headers: HeaderRecord): void {
  if (Array.isArray(given)) {
    for (let index = 0; index < given.length; index += 2) append(headers, given[index] ?? "", given[index + 1] ?? "");
  } else if (Symbol.iterator in given) {
    for (const [name, value] of given as Iterable<[string, string | string[] | undefined]>)
      append(headers, name, value);
  } else {
    for (const name in given) if (!isCredential(name)) headers[name] = given[name];
  }
}

function append(headers: HeaderRecord, name: string, value: string | string[] | undefined): void {
  if (isCredential(name) || value === undefined) return;
  const before = headers[name];
  headers[name] = before === undefined ? value : [before, value].flat().map(String);
}

/** Compares only names that begin like ours, for it runs on every header of every request. */
function isCredential(name: string): boolean {
  const first = name.charCodeAt(0) | 32;
  return first === 99 && CREDENTIAL_HEADERS.includes(name.toLowerCase());
}
