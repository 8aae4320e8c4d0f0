import { readFileSync } from "node:fs";
import { ConfigError, type ConfigProblem, type Environment, readConfig } from "@gatehouse/service";
import { parseDatabaseUrl } from "@gatehouse/service/store";
import { z } from "zod";
import { SECRET_KEY_SHAPE } from "./keys/secret-key.ts";
import type { GatewayConfig } from "./options.ts";
import { knownFacts } from "./policies/known-facts.ts";
import { parseOrigins } from "./policies/origins.ts";
import { NO_POLICIES, type Policies, type PolicyFileSettings, parsePolicyFile } from "./policies/policy-file.ts";
import { frontConfig, frontShape } from "./request/front-config.ts";

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address without a path, https unless it never leaves the machine. */
const safeOrigin = z.string().refine(isSafeOrigin, {
  message: "must be https://HOST without a path (http:// only for localhost and other loopback addresses)",
});

const safeIssuer = z.string().refine((text) => URL.canParse(text) && isSafeOrigin(new URL(text).origin), {
  message: "must be an https:// URL (http:// only for localhost and other loopback addresses)",
});

const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const storeShape = {
  GATEWAY_DATABASE_URL: z
    .string()
    .refine(
      (text) => parseDatabaseUrl(text) !== undefined,
      "must be file:PATH (SQLite) or postgres://USER:PASSWORD@HOST/NAME",
    )
    .default("file:.data/gateway.sqlite"),
  GATEWAY_SECRET_KEY: z.string().regex(SECRET_KEY_SHAPE, "must be 64 hex digits: openssl rand -hex 32"),
  LOG_LEVEL: z.enum(levels).default("info"),
};

const DAY_MS = 24 * 3_600_000;

const serveSchema = z.object({
  ...storeShape,
  ...frontShape,
  GATEWAY_HOST: z.string().default("127.0.0.1"),
  GATEWAY_PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(4001),
  GATEWAY_ADMIN_HOST: z.string().default("127.0.0.1"),
  GATEWAY_ADMIN_PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(4004),
  GATEWAY_ADMIN_HOSTS: z.string().default(""),
  GATEWAY_STORE_GRACE_MS: z.coerce.number("must be milliseconds").int().min(0).default(300_000),
  GATEWAY_AUDIT_RETENTION_DAYS: z.coerce.number("must be days").int().min(1).max(36_500).default(90),
  GATEWAY_ISSUER: safeOrigin.transform((text) => new URL(text).origin),
  GATEWAY_POLICY_FILE: z.string().optional(),
  GATEWAY_ORIGINS: z.string().default(""),
  GATEWAY_OIDC_ISSUER: safeIssuer.optional(),
  GATEWAY_OIDC_CLIENT_ID: z.string().optional(),
  GATEWAY_OIDC_CLIENT_SECRET: z.string().optional(),
  GATEWAY_ORIGIN_CONNECT_TIMEOUT_MS: z.coerce.number("must be milliseconds").int().min(1).default(5_000),
  GATEWAY_ORIGIN_RESPONSE_TIMEOUT_MS: z.coerce.number("must be milliseconds").int().min(1).default(60_000),
});

type ServeEnvironment = z.output<typeof serveSchema>;

export interface ServeConfig {
  readonly gateway: GatewayConfig;
  readonly logLevel: (typeof levels)[number];
}

/**
 * Everything `serve` needs, the policy file included.
 *
 * @throws {ConfigError} with every problem of the environment, or of the policy file.
 */
export function readServeConfig(environment: Environment): ServeConfig {
  const values = readConfig(serveSchema, environment);
  const front = frontConfig(values, values.GATEWAY_ISSUER);
  return {
    logLevel: values.LOG_LEVEL,
    gateway: {
      ...front,
      issuer: values.GATEWAY_ISSUER,
      listen: { host: values.GATEWAY_HOST, port: values.GATEWAY_PORT, variable: "GATEWAY_PORT" },
      admin: {
        host: values.GATEWAY_ADMIN_HOST,
        port: values.GATEWAY_ADMIN_PORT,
        variable: "GATEWAY_ADMIN_PORT",
        hosts: values.GATEWAY_ADMIN_HOSTS.split(/[\s,]+/).filter((host) => host !== ""),
      },
      databaseUrl: values.GATEWAY_DATABASE_URL,
      storeGraceMs: values.GATEWAY_STORE_GRACE_MS,
      auditRetentionMs: values.GATEWAY_AUDIT_RETENTION_DAYS * DAY_MS,
      secretKey: values.GATEWAY_SECRET_KEY,
      ...policiesOf(values, front),
      identityProvider: identityProviderOf(values),
      originConnectTimeoutMs: values.GATEWAY_ORIGIN_CONNECT_TIMEOUT_MS,
      originResponseTimeoutMs: values.GATEWAY_ORIGIN_RESPONSE_TIMEOUT_MS,
    },
  };
}

/** What the `tokens` commands need. */
export function readTokensConfig(environment: Environment): {
  readonly databaseUrl: string;
  readonly secretKey: string;
} {
  const values = readConfig(z.object(storeShape), environment);
  return { databaseUrl: values.GATEWAY_DATABASE_URL, secretKey: values.GATEWAY_SECRET_KEY };
}

function isSafeOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
  return isSafe && (text === origin || text === `${origin}/`);
}

type PolicyConfig = Pick<GatewayConfig, "policies" | "policyFile" | "origins">;

function policiesOf(
  { GATEWAY_POLICY_FILE: file, GATEWAY_ORIGINS }: ServeEnvironment,
  front: Partial<GatewayConfig>,
): PolicyConfig {
  const origins = parseOrigins(GATEWAY_ORIGINS);
  if (file === undefined) return { policies: NO_POLICIES, origins };
  return { policies: readPolicyFile(file, { origins, facts: knownFacts(front) }), policyFile: file, origins };
}

function readPolicyFile(file: string, settings: PolicyFileSettings): Policies {
  try {
    return parsePolicyFile(readFileSync(file, "utf8"), file, settings);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new ConfigError([{ name: "GATEWAY_POLICY_FILE", problem: `cannot be read (${reason}): ${file}` }]);
  }
}

/** All three or none: half an identity provider would be found out only at the first login. */
function identityProviderOf(values: ServeEnvironment): GatewayConfig["identityProvider"] {
  const {
    GATEWAY_OIDC_ISSUER: issuer,
    GATEWAY_OIDC_CLIENT_ID: clientId,
    GATEWAY_OIDC_CLIENT_SECRET: clientSecret,
  } = values;
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return { issuer, clientId, clientSecret };
  }
  const all = {
    GATEWAY_OIDC_ISSUER: issuer,
    GATEWAY_OIDC_CLIENT_ID: clientId,
    GATEWAY_OIDC_CLIENT_SECRET: clientSecret,
  };
  const missing = Object.entries(all).filter(([, value]) => value === undefined);
  if (missing.length === Object.keys(all).length) return null;
  const problem = "is required with the other GATEWAY_OIDC_ variables: set all three, or none";
  throw new ConfigError(missing.map(([name]): ConfigProblem => ({ name, problem })));
}
