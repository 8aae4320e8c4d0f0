import { z } from "zod";
import type { ServiceToken, ServiceTokens, ServiceTokenWithSecret } from "../tokens/service-tokens.ts";
import { pageOf } from "./paging.ts";
import type { ApiRoute } from "./route.ts";

const COLLECTION = "/access/service_tokens";

const createBody = z.object({ name: z.string(), duration: z.string().optional() });

/** Service tokens. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/service_tokens/ */
export function serviceTokenRoutes(tokens: ServiceTokens): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: COLLECTION,
      scope: "service_tokens:read",
      handle: async ({ query }) => pageOf((await tokens.list()).map(present), query),
    },
    {
      method: "POST",
      path: COLLECTION,
      scope: "service_tokens:write",
      async handle({ body }) {
        const { name, duration } = createBody.parse(body);
        const created = await tokens.create(duration === undefined ? { name } : { name, duration });
        return { status: 201, result: presentWithSecret(created) };
      },
    },
  ];
}

function present(token: ServiceToken) {
  return {
    id: token.id,
    client_id: token.clientId,
    name: token.name,
    duration: token.duration,
    enabled: token.isEnabled,
    expires_at: token.expiresAt,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
    last_seen_at: token.lastSeenAt,
  };
}

function presentWithSecret(token: ServiceTokenWithSecret) {
  return { ...present(token), client_secret: token.clientSecret };
}
