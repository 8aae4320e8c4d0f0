export type { ApiToken, ApiTokens, ApiTokenWithSecret, CreateApiToken } from "./api-tokens/api-tokens.ts";
export { GatewayError, type GatewayErrorCode } from "./errors.ts";
export type { IdentityProviderConfig } from "./login/environment-provider.ts";
export type { Gateway, GatewayConfig, GatewayDeps } from "./options.ts";
export type { Application, Policy } from "./policies/model.ts";
export { type Policies, parsePolicyFile } from "./policies/policy-file.ts";
export { createGateway } from "./server.ts";
export { type OpenedTokens, openServiceTokens } from "./tokens/open-service-tokens.ts";
export type {
  CreateServiceToken,
  RotateServiceToken,
  ServiceToken,
  ServiceTokenSecret,
  ServiceTokenWithSecret,
  UpdateServiceToken,
} from "./tokens/service-token.ts";
export type { ServiceTokens } from "./tokens/service-tokens.ts";
