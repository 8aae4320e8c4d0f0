import type { AccessRequest, AdminApi } from "../api/admin-api.ts";

export interface AccessLog {
  /** The newest lines, the oldest of them first. */
  latest(limit: number, since: string | undefined): Promise<readonly AccessRequest[]>;
  /** What came since the last call of either, the oldest first. */
  news(): Promise<readonly AccessRequest[]>;
}

const PAGE = 1_000;
/** Several gateways write one log: a line may turn up so much later than its instant says. */
const LATE_MS = 15_000;

/** The access log, read so that no line is missed and none comes twice. */
export function openAccessLog(api: Pick<AdminApi, "accessRequests" | "serverNowMs">): AccessLog {
  let seen: ReadonlyMap<string, number> = new Map();
  let sinceMs = 0;
  const take = (found: readonly AccessRequest[]): readonly AccessRequest[] => {
    const fresh = found.filter((line) => !seen.has(keyOf(line)));
    const atMs = fresh.map(({ created_at: at }) => Date.parse(at));
    const known = [...seen, ...fresh.map((line, index) => [keyOf(line), atMs[index] ?? 0] as const)];
    sinceMs = Math.max(sinceMs, ...atMs.map((ms) => ms - LATE_MS));
    seen = new Map(known.filter(([, ms]) => ms >= sinceMs));
    return fresh;
  };
  return {
    async latest(limit, since) {
      const query = { limit: String(limit), direction: "desc", ...(since !== undefined && { since }) };
      const found = limit === 0 ? [] : await api.accessRequests(query);
      const lines = take(found.toReversed());
      // What is older than the lines that were wanted is no news.
      const [oldest] = lines;
      sinceMs = Math.max(sinceMs, oldest === undefined ? api.serverNowMs() : Date.parse(oldest.created_at));
      return lines;
    },
    async news() {
      const found: AccessRequest[] = [];
      const since = new Date(sinceMs).toISOString();
      for (let page = 1; ; page += 1) {
        const query = { limit: String(PAGE), page: String(page), direction: "asc", since };
        const lines = await api.accessRequests(query);
        found.push(...lines);
        if (lines.length < PAGE) return take(found);
      }
    },
  };
}

function keyOf({ created_at: at, ray_id: ray, action, allowed }: AccessRequest): string {
  return `${at} ${ray} ${action} ${allowed}`;
}
