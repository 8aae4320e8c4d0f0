import { BlockList, isIPv4, isIPv6 } from "node:net";

/** One address, or all of a network. */
export interface IpRange {
  /** Whether an address lies in it; undefined when it is no address. `::ffff:10.0.0.1` is the same as `10.0.0.1`. */
  contains(address: string): boolean | undefined;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAPPED_BITS = 96;

/**
 * Reads `10.0.0.1`, `10.0.0.0/8`, `2001:db8::1` or `2001:db8::/32`.
 *
 * @returns undefined when the text is none of these.
 */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) {
    const bits = prefix === undefined ? 32 : Number(prefix) - MAPPED_BITS;
    return bits >= 0 && bits <= 32 && isIPv4(mapped) ? v4Range(mapped, bits) : undefined;
  }
  const maxBits = isIPv4(address) ? 32 : 128;
  const bits = prefix === undefined ? maxBits : Number(prefix);
  if (bits > maxBits) return undefined;
  if (isIPv4(address)) return v4Range(address, bits);
  return isIPv6(address) ? v6Range(address, bits) : undefined;
}

/** In numbers, for this one is asked on every request. */
function v4Range(address: string, bits: number): IpRange {
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  const network = (v4Number(address) & mask) >>> 0;
  return {
    contains(text) {
      const plain = plainAddress(text);
      if (!isIPv4(plain)) return isIPv6(plain) ? false : undefined;
      return (v4Number(plain) & mask) >>> 0 === network;
    },
  };
}

function v6Range(address: string, bits: number): IpRange {
  const list = new BlockList();
  list.addSubnet(address, bits, "ipv6");
  return {
    contains(text) {
      const plain = plainAddress(text);
      if (!isIPv6(plain)) return isIPv4(plain) ? false : undefined;
      return list.check(plain, "ipv6");
    },
  };
}

/** A socket that listens on `::` tells IPv4 clients by mapped addresses. */
function plainAddress(text: string): string {
  return text.startsWith("::") ? (MAPPED.exec(text)?.[1] ?? text) : text;
}

function v4Number(address: string): number {
  let number = 0;
  let part = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === 46) {
      number = number * 256 + part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return number * 256 + part;
}
