import type { Policies } from "./policy-file.ts";

/** Places of policies that name a token which is not there: they let nobody in, which is rarely what was meant. */
export function unknownTokens({ applications }: Policies, hasToken: (id: string) => boolean): readonly string[] {
  return applications.flatMap(({ name, policies }) =>
    policies.flatMap((policy) =>
      [...policy.include, ...policy.require, ...policy.exclude]
        .filter((selector) => selector.kind === "service_token" && !hasToken(selector.tokenId))
        .map(() => `${name}: ${policy.name}`),
    ),
  );
}
