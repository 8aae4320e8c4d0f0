import { createReadStream } from "node:fs";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";

/** A text file, unpacked when its name ends in `.gz`, that knows how many bytes on disk were read. */
export interface TextFile {
  readonly bytesRead: () => number;
  readonly stream: Readable;
}

export function openTextFile(file: string): TextFile {
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  // An error of any part destroys them all, and the reader of the last one sees it.
  const ignore = () => undefined;
  const stream = file.endsWith(".gz") ? pipeline(raw, count, createGunzip(), ignore) : pipeline(raw, count, ignore);
  return { bytesRead: () => bytes, stream };
}
