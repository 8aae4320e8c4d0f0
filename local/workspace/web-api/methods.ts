import { assistantMethods } from "./assistant-methods.ts";
import { chatMethods } from "./chat-methods.ts";
import { conversationMethods } from "./conversation-methods.ts";
import { fileMethods } from "./file-methods.ts";
import { type Methods, method } from "./method.ts";
import { peopleMethods } from "./people-methods.ts";
import { viewMethods } from "./view-methods.ts";

/** Every method that the workspace knows, by name. */
export const methods: Methods = {
  ...assistantMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
  "api.test": method({}, () => ({})),
  "apps.connections.open": method(
    {},
    (_args, { sockets, baseUrl }) => ({
      url: `${baseUrl().replace("http:", "ws:")}/socket-mode?ticket=${sockets.issueTicket()}`,
    }),
    "app",
  ),
};
