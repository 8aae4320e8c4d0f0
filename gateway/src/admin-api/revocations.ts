import { z } from "zod";
import { findPerson } from "../login/people.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Revocations } from "../revocations/revocations.ts";
import type { Store } from "../store/store.ts";
import { ApiError } from "./api-error.ts";
import { API_CODES } from "./failure.ts";
import type { ApiRoute } from "./route.ts";

export interface RevocationRoutesDeps {
  readonly store: Store;
  readonly revocations: Revocations;
  readonly configuration: ConfigurationSource;
}

/** `devices` and `warp_session_reauth` are about devices, which we do not know: taken, and without effect. */
const revokeUserBody = z.object({
  email: z.string().min(1).nullish(),
  user_uid: z.string().nullish(),
  devices: z.boolean().nullish(),
  warp_session_reauth: z.boolean().nullish(),
});

/** Ends what has begun: an application's JWTs, or a person's sessions. In force everywhere within a second. */
export function revocationRoutes(deps: RevocationRoutesDeps): readonly ApiRoute[] {
  return [
    {
      method: "POST",
      path: "/access/apps/:app_id/revoke_tokens",
      scope: "apps:write",
      async handle({ params, by }) {
        const { applications } = deps.configuration.current();
        const application = applications.find(({ id, aud }) => id === params["app_id"] || aud === params["app_id"]);
        if (application === undefined) {
          throw new ApiError(
            404,
            API_CODES.invalidRequest,
            "access.api.error.application_not_found: no such application.",
          );
        }
        await deps.revocations.revokeApplication(application, by);
        return { status: 202, result: {} };
      },
    },
    {
      method: "POST",
      path: "/access/organizations/revoke_user",
      scope: "users:write",
      async handle({ body, by }) {
        await deps.revocations.revokePerson(await emailOf(body, deps.store), by);
        return { result: true };
      },
    },
  ];
}

async function emailOf(body: unknown, store: Store): Promise<string> {
  const { email, user_uid: id } = revokeUserBody.parse(body);
  if (email != null) return email;
  const person = id == null ? undefined : await findPerson(store, id);
  if (person !== undefined) return person.email;
  const problem = id == null ? "email: is required" : "user_uid: nobody with this id ever logged in";
  throw new ApiError(400, API_CODES.invalidRequest, `access.api.error.invalid_request: ${problem}`, "/email");
}
