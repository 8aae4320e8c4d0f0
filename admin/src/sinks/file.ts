import { formatJson } from "../output/json.ts";
import { checkFolder, replaceFile } from "./atomic-file.ts";
import type { Sink } from "./sink.ts";

/** A JSON file with `client_id` and `client_secret`, as `fileCredentials` of access-client reads and watches it. */
export function fileSink(path: string): Sink {
  return {
    name: `file ${path}`,
    check: () => checkFolder(path),
    write: ({ clientId, clientSecret }) =>
      replaceFile(path, formatJson({ client_id: clientId, client_secret: clientSecret })),
  };
}
