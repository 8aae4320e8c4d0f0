import { createAdminPageRoutes } from "../admin-page/admin-page-routes.ts";
import type { Parts } from "../parts.ts";
import type { AdminMount } from "./app.ts";
import { keyRoutes } from "./keys.ts";
import type { ApiRoute } from "./route.ts";
import { serviceTokenRoutes } from "./service-tokens.ts";

/** Every call of the admin API. */
export function adminRoutes(parts: Parts): readonly ApiRoute[] {
  return [...serviceTokenRoutes(parts.tokens), ...keyRoutes(parts.keyRotation)];
}

/** What else is on the admin server's port. */
export function adminMounts(_parts: Parts): readonly AdminMount[] {
  return [{ path: "/", handler: createAdminPageRoutes() }];
}
