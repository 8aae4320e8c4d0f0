/** What went wrong with a call, in words for the person. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** JSON pointer to the field that is wrong, such as `/name`. */
  readonly pointer: string | undefined;
  /** Whether the call may have been carried out all the same. */
  readonly isAnswerLost: boolean;

  constructor(status: number, messages: readonly string[], pointer?: string) {
    super(messages.join(" "));
    this.status = status;
    this.isAnswerLost = status < 400 || status >= 500;
    this.pointer = pointer;
  }
}

/** One page of a list. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly perPage: number;
  readonly totalCount: number;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Envelope {
  readonly result?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly source?: { readonly pointer?: string } }[] | null;
  readonly result_info?: { readonly page?: number; readonly per_page?: number; readonly total_count?: number };
}

/** One organization is what a gateway serves, so that any account id names it. */
const BASE = "/client/v4/accounts/gatehouse";

let onSignedOut: () => void = () => undefined;

/** Told when a call finds that the session is over. */
export function watchSession(listener: () => void): void {
  onSignedOut = listener;
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await call("GET", path, { query, ...(signal && { signal }) })).result as T;
}

export async function list<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Listing<T>> {
  const { result, result_info } = await call("GET", path, { query, ...(signal && { signal }) });
  const items = (result ?? []) as T[];
  const { page = 1, per_page = items.length, total_count = items.length } = result_info ?? {};
  return { items, page, perPage: per_page, totalCount: total_count };
}

/** A list that is short by nature, as a whole. */
export async function listAll<T>(path: string, signal?: AbortSignal): Promise<readonly T[]> {
  return (await list<T>(path, { per_page: 1000 }, signal)).items;
}

/** @param isRetry Whether it was sent before and no answer came: the official SDK tells in the same way. */
export async function send<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  isRetry = false,
): Promise<T> {
  const headers = isRetry ? { "x-stainless-retry-count": "1" } : {};
  return (await call(method, path, { headers, ...(body !== undefined && { body }) })).result as T;
}

/** An address of the API, for what the browser asks for by itself: downloads and streams. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${BASE}${path}${search === "" ? "" : `?${search}`}`;
}

interface CallOptions {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

async function call(method: string, path: string, { query, headers, body, signal }: CallOptions): Promise<Envelope> {
  const response = await fetch(addressOf(path, query), {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch(unreachable);
  return read(response);
}

export function unreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Problem(0, ["The gateway cannot be reached. Check that it runs, then try again."]);
}

async function read(response: Response): Promise<Envelope> {
  const body = (await response.json().catch(() => undefined)) as Envelope | undefined;
  if (response.ok && body !== undefined) return body;
  throw problemOf(response.status, body);
}

export function problemOf(status: number, body: Envelope | undefined): Problem {
  if (status === 401) onSignedOut();
  const errors = body?.errors ?? [];
  const messages = errors.flatMap(({ message }) => (message === undefined ? [] : [forPeople(message)]));
  const pointer = errors.find(({ source }) => source?.pointer !== undefined)?.source?.pointer;
  return new Problem(status, messages.length > 0 ? messages : [wordsFor(status)], pointer);
}

/** Without the prefix that programs read: `access.api.error.invalid_request: name: …`. */
function forPeople(message: string): string {
  const text = message.replace(/^access\.api\.error\.\w+(?:: )?/, "");
  return text === "" ? message : text.charAt(0).toUpperCase() + text.slice(1);
}

function wordsFor(status: number): string {
  if (status === 401) return "Your session has ended. Sign in again.";
  if (status === 403) return "Your API token may not do this. Sign in with one that has the scope for it.";
  if (status === 404) return "It is not there any more. Load the list again.";
  return `The gateway answered ${status}. Its log says more.`;
}
