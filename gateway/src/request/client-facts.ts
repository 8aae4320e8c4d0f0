import { BlockList, isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ClientRequest } from "../proxy/client-message.ts";
import { headerValues } from "../proxy/headers.ts";
import type { RequestFacts } from "./authorize.ts";

export interface ClientFactsOptions {
  /** Whose word about clients counts; null: nobody's. */
  readonly trustedProxies: BlockList | null;
  /** Lower-case name of the header in which a trusted proxy gives the client's country; null for none. */
  readonly countryHeader: string | null;
  /** Whether clients are asked for a certificate here. */
  readonly asksCertificate: boolean;
}

/** What a request says of itself besides its credential: where from, and with which certificate. */
export type ReadClientFacts = (request: Pick<ClientRequest, "socket" | "rawHeaders">) => RequestFacts;

const COUNTRY = /^[A-Za-z][A-Za-z0-9]$/;

/**
 * The connection's own address counts, unless it is a trusted proxy's: then the last address in `X-Forwarded-For` that is not
 * a trusted proxy's too. Everything left of it is what strangers wrote.
 */
export function createClientFacts({
  trustedProxies,
  countryHeader,
  asksCertificate,
}: ClientFactsOptions): ReadClientFacts {
  return ({ socket, rawHeaders }) => {
    const peer = plainAddress(socket.remoteAddress ?? "");
    const certificateName = asksCertificate ? certificateNameOf(socket as TLSSocket) : null;
    if (trustedProxies === null || !isIn(trustedProxies, peer)) return { ip: peer, country: null, certificateName };
    const ip = clientBehind(peer, headerValues(rawHeaders, "x-forwarded-for"), trustedProxies);
    const country = countryHeader === null ? null : countryOf(headerValues(rawHeaders, countryHeader));
    return { ip, country, certificateName };
  };
}

function clientBehind(peer: string, headers: readonly string[], trusted: BlockList): string {
  let client = peer;
  for (const hop of headers.join(",").split(",").reverse()) {
    const address = hopAddress(hop.trim());
    // What cannot be read ends the chain: the last proxy that could be believed stands for the client.
    if (address === undefined) return client;
    client = address;
    if (!isIn(trusted, address)) return client;
  }
  return client;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function hopAddress(text: string): string | undefined {
  const [, bracketed, v4] = /^\[([^\]]+)\](?::\d+)?$|^(\d+(?:\.\d+){3}):\d+$/.exec(text) ?? [];
  const address = plainAddress(bracketed ?? v4 ?? text);
  return isIP(address) === 0 ? undefined : address;
}

/** IPv4 as such, also where the socket speaks both; without the zone of a link-local address. */
export function plainAddress(address: string): string {
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice("::ffff:".length);
  const zoneAt = address.indexOf("%");
  return zoneAt === -1 ? address : address.slice(0, zoneAt);
}

/** A connection that is closed already has no address. */
function isIn(list: BlockList, address: string): boolean {
  return address !== "" && list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

function countryOf(values: readonly string[]): string | null {
  const [value = "", ...more] = values;
  return more.length === 0 && COUNTRY.test(value) ? value.toUpperCase() : null;
}

/** A connection keeps its certificate. */
const certificateNames = new WeakMap<TLSSocket, string | null>();

function certificateNameOf(socket: TLSSocket): string | null {
  const known = certificateNames.get(socket);
  if (known !== undefined) return known;
  const name = readCertificateName(socket);
  certificateNames.set(socket, name);
  return name;
}

/** A resumed connection may count as authorised without any certificate; one without a common name is still a certificate. */
function readCertificateName(socket: TLSSocket): string | null {
  if (!socket.authorized) return null;
  const { subject } = socket.getPeerCertificate() as {
    readonly subject?: { readonly CN?: string | readonly string[] };
  };
  if (subject === undefined) return null;
  return typeof subject.CN === "string" ? subject.CN : "";
}

/**
 * Addresses and networks in CIDR form, v4 and v6.
 *
 * @throws {TypeError} when one is neither.
 */
export function parseNetworks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const family = address.includes(":") ? "ipv6" : "ipv4";
    const bits = prefix === undefined ? undefined : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    const maxBits = family === "ipv6" ? 128 : 32;
    if (isIP(address) === 0 || (bits !== undefined && (bits < 0 || bits > maxBits))) {
      throw new TypeError(`not an address or a network such as 10.0.0.0/8: ${network}`);
    }
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return list;
}
