import type { By } from "../audit/event.ts";
import { pageOf } from "./paging.ts";
import type { ApiRoute, ApiScope } from "./route.ts";

/** A kind of resource that is listed, made, shown, replaced and deleted. */
export interface Resource<Entry> {
  /** `/access/groups` */
  readonly path: string;
  /** What the id is called in the path: `group_id`. */
  readonly idName: string;
  readonly read: ApiScope;
  readonly write: ApiScope;
  readonly isAccountOnly?: boolean;
  /** Those that a query asks for. */
  readonly list: (query: URLSearchParams) => readonly Entry[];
  readonly present: (entry: Entry) => unknown;
  /** @throws {GatewayError} when there is none. */
  readonly find: (id: string) => Entry;
  /** Each call returns the id. */
  readonly store: {
    create(body: unknown, by: By): Promise<string>;
    update(id: string, body: unknown, by: By): Promise<string>;
    delete(id: string, by: By): Promise<string>;
  };
}

/** The five calls of a resource, with Cloudflare's statuses. */
export function resourceRoutes<Entry>(resource: Resource<Entry>): readonly ApiRoute[] {
  const { path: all, idName, read, write, isAccountOnly = false, list, present, find, store } = resource;
  const one = `${all}/:${idName}`;
  const show = (id: string) => present(find(id));
  return [
    {
      method: "GET",
      path: all,
      scope: read,
      isAccountOnly,
      handle: async ({ query }) => pageOf(list(query), query, present),
    },
    {
      method: "POST",
      path: all,
      scope: write,
      isAccountOnly,
      handle: async ({ body, by }) => ({ status: 201, result: show(await store.create(body, by)) }),
    },
    {
      method: "GET",
      path: one,
      scope: read,
      isAccountOnly,
      handle: async ({ params }) => ({ result: show(params[idName] ?? "") }),
    },
    {
      method: "PUT",
      path: one,
      scope: write,
      isAccountOnly,
      handle: async ({ params, body, by }) => ({ result: show(await store.update(params[idName] ?? "", body, by)) }),
    },
    {
      method: "DELETE",
      path: one,
      scope: write,
      isAccountOnly,
      handle: async ({ params, by }) => ({ status: 202, result: { id: await store.delete(params[idName] ?? "", by) } }),
    },
  ];
}
