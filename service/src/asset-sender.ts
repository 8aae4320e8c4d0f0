import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { PageAsset, PageAssets } from "./page-assets.ts";

/** Smaller ones fit in one packet as they are. */
const MIN_PACKED_BYTES = 1400;

/**
 * Answers requests for a page's assets: validated by their `ETag`, packed with gzip where the browser takes it.
 *
 * @param cacheControl Default `private, no-cache`: kept, and asked for again each time.
 * @returns False, with nothing sent, when there is no such asset.
 */
export function createAssetSender(
  assets: PageAssets,
  cacheControl = "private, no-cache",
): (path: string, request: IncomingMessage, response: ServerResponse) => boolean {
  const packed = createPacker();
  return (path, request, response) => {
    const asset = assets(path);
    if (asset === undefined) return false;
    response.setHeader("etag", asset.etag);
    response.setHeader("cache-control", cacheControl);
    response.setHeader("vary", "accept-encoding");
    if (request.headers["if-none-match"] === asset.etag) {
      response.writeHead(304).end();
      return true;
    }
    response.setHeader("content-type", asset.contentType);
    const isPacked = asset.body.length >= MIN_PACKED_BYTES && takesGzip(request);
    if (isPacked) response.setHeader("content-encoding", "gzip");
    response.end(isPacked ? packed(asset) : asset.body);
    return true;
  };
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(headers["accept-encoding"] ?? ""));
}

/** Packs each asset once; a chart library is 1.1 MB plain. */
function createPacker(): (asset: PageAsset) => Buffer {
  const kept = new Map<string, Buffer>();
  return ({ etag, body }) => {
    const known = kept.get(etag) ?? gzipSync(body);
    kept.set(etag, known);
    return known;
  };
}
