import type { ResponseHeaders } from "@gatehouse/access-client/protocol";

/** What the examination saw, step by step; a step that could not be made is absent. Plain data, without any secret. */
export interface Observations {
  /** The URL under examination, without its query. */
  readonly url: string;
  readonly name: { readonly host: string; readonly addresses: readonly string[]; readonly failure?: string };
  readonly connection?: Connection;
  /** The answer to a program without credentials. */
  readonly anonymous?: Answer;
  /** The client id in use; absent when there are no credentials, and then `credentialsFailure` says why. */
  readonly clientId?: string;
  readonly credentialsFailure?: string;
  /** The answer to the pair. */
  readonly withPair?: Answer & { readonly token?: TokenSeen };
  /** The answer to the JWT alone. */
  readonly withToken?: Answer;
  /** AUD tag that the app was said to expect. */
  readonly expectedAudience?: string;
  /** The app itself, past the gateway. */
  readonly origin?: OriginObservations;
  readonly slack?: SlackObservations;
}

export interface OriginObservations {
  /** Status without an assertion; absent when the app cannot be reached. */
  readonly bare?: number;
  /** Status with an assertion whose signature is wrong. */
  readonly forged?: number;
}

export interface SlackObservations {
  readonly bot: SlackAnswer;
  /** Absent without an app token. */
  readonly socket?: SlackAnswer;
}

interface SlackAnswer {
  /** Why there was no answer. */
  readonly failure?: string;
  /** Slack's error. */
  readonly refusal?: string;
  readonly scopes: readonly string[];
}

export interface Connection {
  /** Why none could be made. */
  readonly failure?: string;
  /** Whether the failure is the certificate's. */
  readonly isCertificateAtFault?: boolean;
  /** End of the certificate's validity, milliseconds since 1970; absent for plain http. */
  readonly certificateEndsAtMs?: number;
}

export interface Answer {
  /** Absent when there was none. */
  readonly status?: number;
  readonly failure?: string;
  readonly headers: ResponseHeaders;
  /** The body of a refusal, cut to 64 KiB; empty for anything else. */
  readonly refusalBody: string;
  /** When it was received, by the local clock. */
  readonly atMs: number;
}

/** A JWT's claims; the JWT itself is not kept. Undefined claims: it is not a JWT. */
export interface TokenSeen {
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  /** Why it could not be verified with the keys that its issuer publishes. */
  readonly verifyFailure?: string;
}
