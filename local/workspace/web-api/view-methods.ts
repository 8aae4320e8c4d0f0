import { z } from "zod";
import { toSlackView } from "../app/slack-view.ts";
import type { ViewFailure } from "../app/views.ts";
import { checkView } from "../blocks/validate.ts";
import type { View, ViewDefinition } from "../model.ts";
import { json } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method, type WebApiDeps } from "./method.ts";
import { personOf } from "./places.ts";

const hash = z.string().optional();

/** https://docs.slack.dev/reference/methods?family=views */
export const viewMethods: Methods = {
  "views.open": method({ trigger_id: z.string(), view: json }, (args, deps) => {
    const definition = checkedView(args.view, "modal");
    return answer(deps.views.open(personBehind(args.trigger_id, deps), definition), deps);
  }),

  "views.push": method({ trigger_id: z.string(), view: json }, (args, deps) => {
    const definition = checkedView(args.view, "modal");
    return answer(deps.views.push(personBehind(args.trigger_id, deps), definition), deps);
  }),

  "views.update": method(
    { view_id: z.string().optional(), external_id: z.string().optional(), hash, view: json },
    (args, deps) => {
      const definition = checkedView(args.view);
      const which = {
        ...(args.view_id !== undefined && { viewId: args.view_id }),
        ...(args.external_id !== undefined && { externalId: args.external_id }),
        ...(args.hash !== undefined && { hash: args.hash }),
      };
      return answer(deps.views.update(which, definition), deps);
    },
  ),

  "views.publish": method({ user_id: z.string(), hash, view: json }, (args, deps) => {
    const definition = checkedView(args.view, "home");
    return answer(deps.views.publish(personOf(args.user_id, deps).id, definition, args.hash), deps);
  }),
};

function personBehind(triggerId: string, { triggers }: WebApiDeps): string {
  const trigger = triggers.exchange(triggerId);
  if ("failure" in trigger) throw new SlackFailure(trigger.failure);
  return trigger.personId;
}

function checkedView(view: unknown, type?: ViewDefinition["type"]): ViewDefinition {
  const checked = checkView(view);
  if ("problems" in checked) throw new SlackFailure("invalid_arguments", checked.problems);
  if (type !== undefined && checked.value.type !== type) {
    throw new SlackFailure("invalid_arguments", [`[ERROR] must be of type ${type} [json-pointer:/view/type]`]);
  }
  return checked.value;
}

function answer(result: View | ViewFailure, { identities }: WebApiDeps): object {
  if (typeof result === "string") throw new SlackFailure(result);
  return { view: toSlackView(result, identities) };
}
