/** Discovery documents, key sets and id_tokens are a few kilobytes; what is longer is no answer of an identity provider. */
const MAX_ANSWER_BYTES = 1_024 * 1_024;

class AnswerTooLongError extends Error {
  override readonly name = "AnswerTooLongError";
  readonly code = "ANSWER_TOO_LONG";
}

interface FetchOptions extends Omit<RequestInit, "body"> {
  // What openid-client passes along; wider than fetch's own type only in its optional parts.
  readonly body?: RequestInit["body"] | undefined;
}

/** `fetch`, but of an answer of any length only the first megabyte is ever held: longer ones, unpacked, are an error. */
export async function boundedFetch(url: string, options: FetchOptions): Promise<Response> {
  const { body: sent, ...rest } = options;
  const response = await fetch(url, { ...rest, ...(sent !== undefined && { body: sent }) });
  const { status, statusText, headers } = response;
  if (response.body === null) return response;
  return new Response(await readBounded(response.body), { status, statusText, headers });
}

async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > MAX_ANSWER_BYTES) throw new AnswerTooLongError("the identity provider's answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
