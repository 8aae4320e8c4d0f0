import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Another origin, which keeps what reaches it. */
interface Stranger {
  readonly origin: string;
  readonly requests: IncomingMessage[];
  /** Request lines and headers, as they came. */
  received(): string;
}

export async function startStranger(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end("stranger"),
): Promise<Stranger> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received: () => requests.map(({ url, rawHeaders }) => [url, ...rawHeaders].join("\n")).join("\n"),
  };
}
