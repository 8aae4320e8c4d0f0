import { randomBytes } from "node:crypto";
import { withIds } from "../blocks/block-ids.ts";
import type { Pushes } from "../chat/pushes.ts";
import type { View, ViewDefinition } from "../model.ts";

export type ViewFailure = "not_found" | "hash_conflict" | "push_limit_reached";

/** Every person's open modals, topmost last, and home tab. */
export interface Views {
  open(personId: string, definition: ViewDefinition): View;
  push(personId: string, definition: ViewDefinition): View | ViewFailure;
  update(
    which: { viewId?: string; externalId?: string; hash?: string },
    definition: ViewDefinition,
  ): View | ViewFailure;
  publish(personId: string, definition: ViewDefinition, hash?: string): View | ViewFailure;
  find(viewId: string): View | undefined;
  stack(personId: string): readonly View[];
  home(personId: string): View | undefined;
  /** Takes one modal away and shows what was beneath it. */
  pop(view: View): void;
  clear(personId: string): void;
}

const MAX_STACK = 3;

export function createViews(pushes: Pushes): Views {
  const stacks = new Map<string, readonly View[]>();
  const homes = new Map<string, View>();
  const stack = (personId: string) => stacks.get(personId) ?? [];
  const setStack = (personId: string, views: readonly View[]) => {
    stacks.set(personId, views);
    pushes.toPerson(personId, { type: "views", views });
  };
  const setHome = (view: View): View => {
    homes.set(view.personId, view);
    pushes.toPerson(view.personId, { type: "home", view });
    return view;
  };
  const all = () => [...[...stacks.values()].flat(), ...homes.values()];
  const find = (viewId: string) => all().find((view) => view.id === viewId);

  return {
    find,
    stack,
    home: (personId) => homes.get(personId),
    open(personId, definition) {
      const view = createView(personId, definition);
      setStack(personId, [view]);
      return view;
    },
    push(personId, definition) {
      const below = stack(personId);
      const top = below.at(-1);
      if (below.length >= MAX_STACK) return "push_limit_reached";
      const view = createView(personId, definition, top);
      setStack(personId, [...below, view]);
      return view;
    },
    update({ viewId, externalId, hash }, definition) {
      const isMeant = (view: View) =>
        view.id === viewId || (externalId !== undefined && view.definition.external_id === externalId);
      const old = all().find(isMeant);
      if (old === undefined) return "not_found";
      if (hash !== undefined && hash !== old.hash) return "hash_conflict";
      const view = { ...old, hash: newHash(), definition: identified(definition) };
      if (view.type === "home") return setHome(view);
      setStack(
        view.personId,
        stack(view.personId).map((one) => (one.id === view.id ? view : one)),
      );
      return view;
    },
    publish(personId, definition, hash) {
      const old = homes.get(personId);
      if (hash !== undefined && hash !== old?.hash) return "hash_conflict";
      return setHome({ ...createView(personId, definition), ...(old && { id: old.id, rootId: old.id }) });
    },
    pop: ({ personId, id }) =>
      setStack(
        personId,
        stack(personId).filter((view) => view.id !== id),
      ),
    clear: (personId) => setStack(personId, []),
  };
}

function createView(personId: string, definition: ViewDefinition, below?: View): View {
  const id = `V${randomBytes(6).toString("hex").toUpperCase()}`;
  return {
    id,
    type: definition.type,
    hash: newHash(),
    personId,
    definition: identified(definition),
    rootId: below?.rootId ?? id,
    ...(below && { previousId: below.id }),
  };
}

function identified(definition: ViewDefinition): ViewDefinition {
  return { ...definition, blocks: withIds(definition.blocks) };
}

function newHash(): string {
  return `${randomBytes(5).readUIntBE(0, 5)}.${randomBytes(4).toString("hex")}`;
}
