import type { Logger } from "@gatehouse/service";
import type { ApiTokens } from "./api-tokens/api-tokens.ts";
import type { RequestLimits } from "./limits/request-limits.ts";
import type { IdentityProviderConfig } from "./login/environment-provider.ts";
import type { Origins } from "./policies/origins.ts";
import type { Policies } from "./policies/policy-file.ts";
import type { TlsFiles } from "./request/tls-files.ts";
import type { ServiceTokens } from "./tokens/service-tokens.ts";

export interface GatewayConfig {
  /** The gateway's own address, without a path: the JWTs' `iss`, and where people log in. Plain http on loopback only. */
  readonly issuer: string;
  readonly listen: {
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Named in the message when the port is taken. */
    readonly variable?: string;
  };
  /** The admin API, on a port of its own. Without it there is none. */
  readonly admin?: {
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Named in the message when the port is taken. */
    readonly variable?: string;
    /** Names under which browsers open the admin page, besides localhost and addresses. Default none. */
    readonly hosts?: readonly string[];
  };
  /** `file:PATH` of a SQLite database, made when it is not there, or `postgres://USER:PASSWORD@HOST/NAME` for several gateways. */
  readonly databaseUrl: string;
  /** How long known tokens and sessions are let in while the database does not answer. Default 300,000. */
  readonly storeGraceMs?: number;
  /** 64 hex digits. Encrypts the signing keys and peppers the secrets' hashes: with another key the database is of no use. */
  readonly secretKey: string;
  /** From `parsePolicyFile`. */
  readonly policies: Policies;
  /** The file that `policies` were read from: looked at every second, and taken when it has changed and is right. Default: they stay. */
  readonly policyFile?: string;
  /** From `parseOrigins`: where applications without an `origin` are forwarded to, by host. Default: every one needs its own. */
  readonly origins?: Origins;
  /** Null: nobody can log in, and only service tokens are let in. */
  readonly identityProvider: IdentityProviderConfig | null;
  /** Where TLS ends here. Without it a proxy in front must end it, or everything stays on loopback. */
  readonly tls?: TlsFiles;
  /** Addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` and country header are believed. Default none. */
  readonly trustedProxies?: readonly string[];
  /** The header in which a trusted proxy gives the client's country, ISO 3166-1 alpha-2. Default none. */
  readonly countryHeader?: string;
  readonly limits?: Partial<RequestLimits>;
  /** Which requests get a line in the log: all, or those that were not let in. Default `all`. */
  readonly requestLog?: "all" | "refused";
  /** How long a line of the audit log is kept. Default 90 days. */
  readonly auditRetentionMs?: number;
  /** How long readiness says no before a stop goes on, for load balancers to notice. Default 0. */
  readonly drainDelayMs?: number;
  /** Until a connection to an origin stands. Default 5,000. */
  readonly originConnectTimeoutMs?: number;
  /** Until the head of an origin's answer is there. Default 60,000. */
  readonly originResponseTimeoutMs?: number;
}

export interface GatewayDeps {
  readonly logger: Logger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface Gateway {
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** Opens the admin API; resolves with its port, or with undefined where none is configured. */
  listenAdmin(): Promise<number | undefined>;
  readonly tokens: ServiceTokens;
  readonly apiTokens: ApiTokens;
  /** Stops accepting, lets open requests finish for `graceMs` (default 5,000), closes WebSockets, writes what is pending. */
  close(graceMs?: number): Promise<void>;
}
