import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export interface OriginAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

interface Reading {
  /** Whether it may become a WebSocket: then its stream is read by others later. */
  readonly maySwitch: boolean;
  /** A piece is lent: whoever keeps it makes a copy. */
  readonly onData: (piece: Buffer) => void;
}

const READ_BUFFER_BYTES = 64 * 1_024;
/**
 * What one read brings, of whichever connection: it is dealt with before the next. A stream would take 64 KB from the system
 * for each read, however short.
 */
const readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);

/** A connection to an origin, read without a pause unless it is told to. TLS is verified. */
export function openOriginSocket(address: OriginAddress, { maySwitch, onData }: Reading): Socket {
  // TLS may bring what it had decrypted in the middle of another connection's read.
  if (address.isTls || maySwitch) return openStream(address).on("data", onData);
  const { host, port } = address;
  const callback = (length: number, buffer: Uint8Array) => {
    onData((buffer as Buffer).subarray(0, length));
    return true;
  };
  return connect({ host, port, noDelay: true, onread: { buffer: readBuffer, callback } });
}

/** The request, with the JWT in it, is written only once the name in the certificate was found right. */
function openStream({ host, port, isTls }: OriginAddress): Socket {
  if (!isTls) return connect({ host, port, noDelay: true });
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...name, ALPNProtocols: ["http/1.1"] }).setNoDelay(true);
}
