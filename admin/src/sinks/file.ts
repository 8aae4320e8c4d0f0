import { resolve } from "node:path";
import { formatJson } from "../output/json.ts";
import { checkSinkFile, replaceSinkFile } from "./atomic-file.ts";
import type { Sink } from "./sink.ts";

/** A JSON file with `client_id` and `client_secret`, as `fileCredentials` of access-client reads and watches it. */
export function fileSink(spec: string): Sink {
  // Whole, so that a rotation that goes on in another folder goes on with the same file.
  const path = resolve(spec);
  return {
    name: `file ${path}`,
    check: () => checkSinkFile(path),
    write: ({ clientId, clientSecret }) =>
      replaceSinkFile(path, formatJson({ client_id: clientId, client_secret: clientSecret })),
  };
}
