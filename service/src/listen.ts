import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ServiceError } from "./errors.ts";

export interface ListenOptions {
  /** Who listens, in words, for the message when the port is taken: `the gateway`. */
  readonly what: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The variable that changes the port, named in the message when it is taken. */
  readonly variable?: string;
}

/**
 * Listens and resolves with the port.
 *
 * @throws {ServiceError} `ERR_PORT_IN_USE`, `ERR_LISTEN_FAILED`
 */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  server.listen(options.port, options.host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw listenError(cause as NodeJS.ErrnoException, options);
  }
  return (server.address() as AddressInfo).port;
}

function listenError(cause: NodeJS.ErrnoException, { what, host, port, variable }: ListenOptions): ServiceError {
  if (cause.code === "EADDRINUSE") {
    const advice = variable === undefined ? "" : `, or choose another with ${variable}=PORT`;
    const message = `Port ${port} for ${what} is in use on ${host}. Stop the program that has it${advice}.`;
    return new ServiceError("ERR_PORT_IN_USE", message, { cause });
  }
  const message = `${what} cannot listen on ${host}:${port} (${cause.code ?? "unknown error"}).`;
  return new ServiceError("ERR_LISTEN_FAILED", message, { cause });
}

/**
 * Stops accepting, lets open requests finish for `graceMs`, then cuts what is left. Idle connections close at once.
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
