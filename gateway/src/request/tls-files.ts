import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { RequestListener, Server, ServerOptions } from "node:http";
import { createServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { Logger } from "@gatehouse/service";
import { GatewayError } from "../errors.ts";

export interface TlsFiles {
  /** PEM: the certificate, then its chain. */
  readonly certFile: string;
  /** PEM: its private key. */
  readonly keyFile: string;
  /** PEM: whose client certificates count. Null: clients are not asked for one. */
  readonly clientCaFile: string | null;
}

/** TLS that ends here, with the files' present content. */
export interface Tls {
  createServer(options: ServerOptions, onRequest: RequestListener): Server;
  /** Ends all connections. The server's own `closeAllConnections` leaves out those whose handshake is not over. */
  cutAll(): void;
  /** Stops watching the files. */
  close(): void;
}

/** Renewals are days ahead of the expiry; watching by polling works with links that are swapped, too. */
const WATCH_INTERVAL_MS = 2_000;
/** As long as for the head of a request; Node's own two minutes are a gift to whoever only wants to hold connections. */
const HANDSHAKE_TIMEOUT_MS = 15_000;

/**
 * Reads the files and watches them. A client that shows no certificate is let in to be judged by the policies; one that is not
 * the CA's counts as none. Files that do not fit together are told in the log, and the last good ones stay.
 *
 * @throws {GatewayError} `ERR_TLS_UNUSABLE`
 */
export function openTls(files: TlsFiles, logger: Logger): Tls {
  let current = readFirst(files);
  const paths = [files.certFile, files.keyFile, files.clientCaFile].filter((path) => path !== null);
  const servers: TlsServer[] = [];
  const connections = new Set<Socket>();
  const reload = () => {
    try {
      current = readMaterial(files);
      for (const server of servers) server.setSecureContext(current);
      logger.info({ file: files.certFile }, "the TLS certificate was read again");
    } catch (error) {
      logger.error({ err: error, file: files.certFile }, "the changed TLS files cannot be used; the old ones stay");
    }
  };
  for (const path of paths) watchFile(path, { interval: WATCH_INTERVAL_MS, persistent: false }, reload);
  return {
    createServer(options, onRequest) {
      const asks = { requestCert: files.clientCaFile !== null, rejectUnauthorized: false };
      const limits = { minVersion: "TLSv1.2", handshakeTimeout: HANDSHAKE_TIMEOUT_MS } as const;
      const server = createServer({ ...options, ...current, ...asks, ...limits }, onRequest);
      server.on("connection", (socket) => {
        connections.add(socket);
        socket.once("close", () => connections.delete(socket));
      });
      // Node would have it answered as broken HTTP; there is nobody to read that.
      server.removeAllListeners("tlsClientError").on("tlsClientError", (_error, socket) => socket.destroy());
      servers.push(server);
      return server;
    },
    cutAll() {
      for (const socket of connections) socket.destroy();
    },
    close() {
      for (const path of paths) unwatchFile(path, reload);
    },
  };
}

function readFirst(files: TlsFiles) {
  try {
    return readMaterial(files);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The TLS certificate ${files.certFile} and its key ${files.keyFile} cannot be used (${reason}). Check that both are PEM files and belong together.`;
    throw new GatewayError("ERR_TLS_UNUSABLE", message, { cause });
  }
}

function readMaterial({ certFile, keyFile, clientCaFile }: TlsFiles) {
  const material = {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCaFile !== null && { ca: readFileSync(clientCaFile) }),
  };
  createSecureContext(material);
  return material;
}
