import { isIP } from "node:net";
import { Pool } from "undici";

export interface OriginTimeouts {
  /** Until the TCP (and TLS) connection stands. */
  readonly connectMs: number;
  /** Until the head of the answer is there. Bodies have no limit: a stream may be silent for hours. */
  readonly responseMs: number;
}

/** An origin's connections, and the name its certificate must bear. */
interface OriginPool {
  readonly pool: Pool;
  readonly serverName: string | undefined;
}

export interface OriginPools {
  for(origin: string): OriginPool;
  close(): Promise<void>;
}

/** One pool of kept-alive connections per origin, made when first needed. TLS is verified. */
export function createOriginPools(timeouts: OriginTimeouts): OriginPools {
  const pools = new Map<string, OriginPool>();
  return {
    for(origin) {
      const known = pools.get(origin);
      if (known !== undefined) return known;
      const made = { pool: openPool(origin, timeouts), serverName: serverNameOf(origin) };
      pools.set(origin, made);
      return made;
    },
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy()));
    },
  };
}

function openPool(origin: string, { connectMs, responseMs }: OriginTimeouts): Pool {
  return new Pool(origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: responseMs,
    bodyTimeout: 0,
    connect: { timeout: connectMs },
  });
}

function serverNameOf(origin: string): string | undefined {
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" && isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? hostname : undefined;
}
