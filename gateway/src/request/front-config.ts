import { ConfigError, type ConfigProblem } from "@gatehouse/service";
import { z } from "zod";
import { DEFAULT_LIMITS } from "../limits/request-limits.ts";
import type { GatewayConfig } from "../options.ts";
import { parseNetworks } from "./client-facts.ts";

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

const count = (least: number, standard: number) =>
  z.coerce.number(`must be a number, at least ${least}`).int().min(least).default(standard);

/** The variables about what faces the clients. */
export const frontShape = {
  GATEWAY_TLS_CERT_FILE: z.string().optional(),
  GATEWAY_TLS_KEY_FILE: z.string().optional(),
  GATEWAY_TLS_CLIENT_CA_FILE: z.string().optional(),
  GATEWAY_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((network) => network !== ""))
    .refine(areNetworks, "must be addresses or networks, separated by commas: 10.0.0.5, 10.1.0.0/16, 2001:db8::/32")
    .optional(),
  GATEWAY_COUNTRY_HEADER: z.string().regex(HEADER_NAME, "must be the name of a header").optional(),
  GATEWAY_MAX_CONNECTIONS: count(1, DEFAULT_LIMITS.connections),
  GATEWAY_MAX_OPEN_REQUESTS: count(1, DEFAULT_LIMITS.openRequests),
  GATEWAY_MAX_OPEN_REQUESTS_PER_ADDRESS: z.coerce.number("must be a number, at least 1").int().min(1).optional(),
  GATEWAY_MAX_HEADER_BYTES: count(4_096, DEFAULT_LIMITS.headerBytes),
  GATEWAY_MAX_FAILURES_PER_MINUTE: count(0, DEFAULT_LIMITS.failuresPerMinute),
  GATEWAY_REQUEST_LOG: z.enum(["all", "refused"]).default("all"),
  GATEWAY_DRAIN_DELAY_MS: count(0, 0),
};

type FrontVariables = z.output<z.ZodObject<typeof frontShape>>;

/** @throws {ConfigError} when variables do not go together. */
export function frontConfig(values: FrontVariables, issuer: string): Partial<GatewayConfig> {
  const problems = frontProblems(values, issuer);
  if (problems.length > 0) throw new ConfigError(problems);
  const { GATEWAY_TLS_CERT_FILE: certFile, GATEWAY_TLS_KEY_FILE: keyFile } = values;
  const { GATEWAY_TRUSTED_PROXIES: trustedProxies, GATEWAY_COUNTRY_HEADER: countryHeader } = values;
  const { GATEWAY_MAX_OPEN_REQUESTS_PER_ADDRESS: openRequestsPerAddress } = values;
  return {
    ...(certFile !== undefined &&
      keyFile !== undefined && { tls: { certFile, keyFile, clientCaFile: values.GATEWAY_TLS_CLIENT_CA_FILE ?? null } }),
    ...(trustedProxies !== undefined && { trustedProxies }),
    ...(countryHeader !== undefined && { countryHeader }),
    limits: {
      connections: values.GATEWAY_MAX_CONNECTIONS,
      openRequests: values.GATEWAY_MAX_OPEN_REQUESTS,
      ...(openRequestsPerAddress !== undefined && { openRequestsPerAddress }),
      headerBytes: values.GATEWAY_MAX_HEADER_BYTES,
      failuresPerMinute: values.GATEWAY_MAX_FAILURES_PER_MINUTE,
    },
    requestLog: values.GATEWAY_REQUEST_LOG,
    drainDelayMs: values.GATEWAY_DRAIN_DELAY_MS,
  };
}

function frontProblems(values: FrontVariables, issuer: string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const hasCert = values.GATEWAY_TLS_CERT_FILE !== undefined;
  const hasKey = values.GATEWAY_TLS_KEY_FILE !== undefined;
  const together = "is required with the other of GATEWAY_TLS_CERT_FILE and GATEWAY_TLS_KEY_FILE";
  if (hasKey && !hasCert) problems.push({ name: "GATEWAY_TLS_CERT_FILE", problem: together });
  if (hasCert && !hasKey) problems.push({ name: "GATEWAY_TLS_KEY_FILE", problem: together });
  if (values.GATEWAY_TLS_CLIENT_CA_FILE !== undefined && !hasCert) {
    const problem = "needs TLS to end here: set GATEWAY_TLS_CERT_FILE and GATEWAY_TLS_KEY_FILE";
    problems.push({ name: "GATEWAY_TLS_CLIENT_CA_FILE", problem });
  }
  if (hasCert && issuer.startsWith("http:")) {
    problems.push({ name: "GATEWAY_ISSUER", problem: "must be https:// where TLS ends at the gateway" });
  }
  if (values.GATEWAY_COUNTRY_HEADER !== undefined && values.GATEWAY_TRUSTED_PROXIES === undefined) {
    const problem = "is believed from trusted proxies only: name them in GATEWAY_TRUSTED_PROXIES";
    problems.push({ name: "GATEWAY_COUNTRY_HEADER", problem });
  }
  return problems;
}

function areNetworks(networks: readonly string[]): boolean {
  try {
    parseNetworks(networks);
    return true;
  } catch {
    return false;
  }
}
