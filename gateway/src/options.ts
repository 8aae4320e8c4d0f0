import type { Logger } from "@gatehouse/service";
import type { ApiTokens } from "./api-tokens/api-tokens.ts";
import type { IdentityProviderConfig } from "./login/identity-provider.ts";
import type { Policies } from "./policies/model.ts";
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
  /** Null: nobody can log in, and only service tokens are let in. */
  readonly identityProvider: IdentityProviderConfig | null;
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
