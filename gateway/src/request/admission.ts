import { HEADERS } from "@gatehouse/access-client/contract";
import { LRUCache } from "lru-cache";
import { passCookie } from "../login/cookies.ts";
import type { Application } from "../policies/model.ts";
import { writable } from "../proxy/headers.ts";
import type { Pass } from "../tokens/minted-tokens.ts";
import type { Authentication } from "./authenticate.ts";
import type { Credential } from "./credential.ts";
import type { Target } from "./target.ts";
import type { Visit } from "./visit.ts";

/** A request that goes on to the origin, and as whose. */
export interface Admission {
  readonly target: Target;
  readonly application: Application;
  readonly credential: Credential;
  readonly authentication: Authentication;
  /** Undefined under a bypass: the origin gets no identity then. */
  readonly pass: Pass | undefined;
  /** Whether bots send their pair each time, and get no cookie for it. */
  readonly isStrict: boolean;
}

export interface AdmissionSettings {
  /** Whether clients reach us over https. */
  readonly isSecure: boolean;
}

/** What the origin is told by us alone: who asks, from where, for which host, in which trace. */
export function ownRequestHeaders(
  { facts, rayId, trace }: Visit,
  { target, authentication, pass }: Admission,
  { isSecure }: AdmissionSettings,
): string[] {
  const own = [HEADERS.ray, rayId, "x-forwarded-for", facts.ip, "x-forwarded-host", target.host];
  own.push("x-forwarded-proto", isSecure ? "https" : "http", "traceparent", trace.traceparent);
  if (pass !== undefined) own.push(HEADERS.assertion, pass.jwt);
  if (pass !== undefined && authentication.ok && authentication.subject.kind === "person") {
    // The one value that others chose: an identity provider.
    own.push(HEADERS.userEmail, writable(authentication.subject.email));
  }
  return own;
}

/** What the client is told by us: the ray; a bot also when its token ends, and the JWT that its pair was exchanged for. */
export function ownResponseHeaders(
  { rayId }: Visit,
  { application, target, credential, authentication, pass, isStrict }: Admission,
  { isSecure }: AdmissionSettings,
): string[] {
  const own: string[] = [HEADERS.ray, rayId];
  if (pass === undefined || !authentication.ok || authentication.subject.kind !== "service_token") return own;
  const { expiresAtMs } = authentication.subject;
  if (expiresAtMs !== null) own.push(HEADERS.tokenExpiresAt, instantOf(expiresAtMs));
  if (credential.kind === "pair" && !isStrict) {
    own.push("set-cookie", passCookie(pass.jwt, pass.expSeconds, { application, host: target.host, isSecure }));
  }
  return own;
}

const MAX_INSTANTS = 10_000;
/** Each token's instant comes with each of its requests, and to write one out costs more than all else here. */
const instants = new LRUCache<number, string>({ max: MAX_INSTANTS });

function instantOf(ms: number): string {
  const known = instants.get(ms);
  if (known !== undefined) return known;
  const text = new Date(ms).toISOString();
  instants.set(ms, text);
  return text;
}
