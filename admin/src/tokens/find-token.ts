import type { AdminApi } from "../api/admin-api.ts";
import type { ApiServiceToken } from "../api/service-token.ts";
import { AdminError } from "../errors.ts";

/**
 * The token that a person means: by id, client id or name. Names need not be unique, so one that several share is no answer.
 *
 * @throws {AdminError} `ERR_ADMIN_NOT_FOUND`, `ERR_ADMIN_AMBIGUOUS`
 */
export async function findToken(api: AdminApi, wanted: string): Promise<ApiServiceToken> {
  const all = await api.listTokens();
  const byId = all.find(({ id, client_id: clientId }) => id === wanted || clientId === wanted);
  if (byId !== undefined) return byId;
  const named = all.filter(({ name }) => name === wanted);
  const [only, ...more] = named;
  if (only === undefined) {
    const message = `No service token has the name, id or client id "${wanted}": see tokens list.`;
    throw new AdminError("ERR_ADMIN_NOT_FOUND", message);
  }
  if (more.length === 0) return only;
  const ids = named.map(({ id }) => id).join(", ");
  throw new AdminError(
    "ERR_ADMIN_AMBIGUOUS",
    `${named.length} service tokens are named "${wanted}"; give an id: ${ids}`,
  );
}
