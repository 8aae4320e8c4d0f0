import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";

/** A key set on a real socket that counts how often it is asked. */
export interface KeyServer {
  readonly url: string;
  fetches: number;
  keys: JWK[];
  /** Answers this instead of the keys, when set. */
  answer: { status: number; body: string; location?: string } | undefined;
  close(): Promise<void>;
}

export async function startKeyServer(keys: JWK[]): Promise<KeyServer> {
  const server = createServer((_, response) => {
    state.fetches += 1;
    const { status, body, location } = state.answer ?? { status: 200, body: JSON.stringify({ keys: state.keys }) };
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const state: KeyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cdn-cgi/access/certs`,
    fetches: 0,
    keys,
    answer: undefined,
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
  return state;
}
