import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import { z } from "zod";
import { toSlackFile } from "../chat/slack-message.ts";
import type { SharedFile } from "../model.ts";
import { integer, json } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { type Methods, method, type WebApiDeps } from "./method.ts";
import { writablePlaceOf } from "./places.ts";

/** Uploads are refused beyond this; a local chat page is no archive. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

const MIME_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".json": "application/json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".txt": "text/plain",
};

const fileList = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

/** The upload in three steps: announce, send the bytes to the given address, complete. */
export const fileMethods: Methods = {
  "files.getUploadURLExternal": method(
    { filename: z.string().min(1).max(255), length: integer.min(1) },
    (args, deps) => {
      if (args.length > MAX_FILE_BYTES) throw new SlackFailure("file_upload_size_restricted");
      const id = `F${randomBytes(10).toString("hex").toUpperCase()}`;
      const mimeType = MIME_TYPES[extname(args.filename).toLowerCase()] ?? "application/octet-stream";
      deps.files.announce({ id, name: args.filename, mimeType });
      return { file_id: id, upload_url: `${deps.baseUrl()}/upload/${id}` };
    },
  ),

  "files.completeUploadExternal": method(
    {
      files: json,
      channel_id: z.string().optional(),
      channels: z.string().optional(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().optional(),
    },
    (args, deps) => {
      const listed = fileList.safeParse(args.files);
      if (!listed.success) throw new SlackFailure("invalid_arguments", ["[ERROR] missing required field: files"]);
      const channelId = args.channel_id ?? args.channels;
      const channel = channelId === undefined ? undefined : writablePlaceOf(channelId, deps);
      const files = listed.data.map(({ id, title }) => completed(id, title, deps));
      if (channel !== undefined) {
        deps.chat.post({
          channel: channel.id,
          author: deps.identities.bot.id,
          text: args.initial_comment ?? "",
          files,
          ...(args.thread_ts !== undefined && { threadTs: args.thread_ts }),
        });
      }
      return { files: files.map((file) => describe(file, deps)) };
    },
  ),

  "files.info": method({ file: z.string() }, ({ file: id }, deps) => {
    const file = deps.files.find(id);
    if (file === undefined) throw new SlackFailure("file_not_found");
    return { file: describe(file, deps) };
  }),
};

function completed(id: string, title: string | undefined, { files }: WebApiDeps): SharedFile {
  const file = files.complete(id, title);
  if (file === undefined) throw new SlackFailure("file_not_found");
  return file;
}

function describe(file: SharedFile, { baseUrl }: WebApiDeps): object {
  const address = `${baseUrl()}/workspace/files/${file.id}`;
  return { ...toSlackFile(file), url_private: address, url_private_download: address, permalink: address };
}
