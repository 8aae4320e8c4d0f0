import type { ServiceTokens } from "../tokens/service-tokens.ts";
import { pageAnswer, readPaging } from "./paging.ts";
import type { ApiCall, ApiRoute } from "./route.ts";
import { createBody, present, rotateBody, updateBody, updateOf } from "./service-token-document.ts";

const ALL = "/access/service_tokens";
const ONE = `${ALL}/:token_id`;

/** Service tokens. https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/service_tokens/ */
export function serviceTokenRoutes(tokens: ServiceTokens): readonly ApiRoute[] {
  return [...readingRoutes(tokens), ...writingRoutes(tokens), ...secretRoutes(tokens)];
}

function readingRoutes(tokens: ServiceTokens): readonly ApiRoute[] {
  const scope = "service_tokens:read";
  return [
    {
      method: "GET",
      path: ALL,
      scope,
      async handle({ query }) {
        const paging = readPaging(query);
        const { tokens: found, totalCount } = await tokens.page({ ...filterOf(query), ...paging });
        return pageAnswer(found.map(present), totalCount, paging);
      },
    },
    { method: "GET", path: ONE, scope, handle: async (call) => ({ result: present(await tokens.get(idOf(call))) }) },
  ];
}

function writingRoutes(tokens: ServiceTokens): readonly ApiRoute[] {
  const scope = "service_tokens:write";
  return [
    {
      method: "POST",
      path: ALL,
      scope,
      async handle({ body, by }) {
        const { name, ...rest } = createBody.parse(body);
        return { status: 201, result: present(await tokens.create({ ...updateOf(rest), name }, by)) };
      },
    },
    {
      method: "PUT",
      path: ONE,
      scope,
      async handle(call) {
        const update = { ...updateOf(updateBody.parse(call.body ?? {})), isRepeated: call.isRetry };
        return { result: present(await tokens.update(idOf(call), update, call.by)) };
      },
    },
    {
      method: "DELETE",
      path: ONE,
      scope,
      handle: async (call) => ({ result: present(await tokens.delete(idOf(call), call.by)) }),
    },
  ];
}

function secretRoutes(tokens: ServiceTokens): readonly ApiRoute[] {
  const rest = { method: "POST", scope: "service_tokens:write", isAccountOnly: true } as const;
  return [
    {
      ...rest,
      path: `${ONE}/refresh`,
      handle: async (call) => ({ result: present(await tokens.refresh(idOf(call), call.by)) }),
    },
    {
      ...rest,
      path: `${ONE}/rotate`,
      async handle(call) {
        const { previous_client_secret_expires_at: end, discard_current_client_secret: discards } =
          rotateBody.parse(call.body) ?? {};
        const options = {
          ...(end != null && { previousSecretExpiresAt: end }),
          ...(discards != null && { discardsCurrentSecret: discards }),
          isRepeated: call.isRetry,
        };
        return { result: present(await tokens.rotate(idOf(call), options, call.by)) };
      },
    },
  ];
}

function idOf({ params }: ApiCall): string {
  return params["token_id"] ?? "";
}

function filterOf(query: URLSearchParams): { readonly name?: string; readonly search?: string } {
  const name = query.get("name");
  const search = query.get("search");
  return { ...(name && { name }), ...(search && { search }) };
}
