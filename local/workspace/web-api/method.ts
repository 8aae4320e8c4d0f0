import { z } from "zod";
import type { ResponseUrls } from "../app/response-urls.ts";
import type { Sockets } from "../app/sockets.ts";
import type { Triggers } from "../app/triggers.ts";
import type { Views } from "../app/views.ts";
import type { Chat } from "../chat/chat.ts";
import type { Pushes } from "../chat/pushes.ts";
import type { Identities } from "../identities.ts";
import type { Membership } from "../membership.ts";
import type { FileStore } from "../store/file-store.ts";
import type { MessageStore } from "../store/message-store.ts";
import { SlackFailure } from "./failure.ts";

/** The parts of the workspace that methods work on. */
export interface WebApiDeps {
  readonly identities: Identities;
  readonly membership: Membership;
  readonly chat: Chat;
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly views: Views;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly sockets: Pick<Sockets, "issueTicket">;
  readonly pushes: Pushes;
  /** The workspace's address, without a slash at the end. */
  readonly baseUrl: () => string;
}

/** One Web API method, its arguments still as they came. */
export interface Method {
  readonly token: "bot" | "app";
  call(args: Record<string, unknown>, deps: WebApiDeps): object;
}

export type Methods = Readonly<Record<string, Method>>;

/** Defines a method by the shape of its arguments and what it does; unknown arguments are ignored, as Slack does. */
export function method<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (args: z.output<z.ZodObject<Shape>>, deps: WebApiDeps) => object,
  token: Method["token"] = "bot",
): Method {
  const schema = z.object(shape);
  return {
    token,
    call(args, deps) {
      const parsed = schema.safeParse(args);
      if (parsed.success) return run(parsed.data, deps);
      throw new SlackFailure("invalid_arguments", parsed.error.issues.map(detailOf));
    },
  };
}

function detailOf({ path, message }: z.core.$ZodIssue): string {
  const name = path.join("/");
  const isMissing = message.includes("received undefined");
  return isMissing ? `[ERROR] missing required field: ${name}` : `[ERROR] ${message} [json-pointer:/${name}]`;
}
