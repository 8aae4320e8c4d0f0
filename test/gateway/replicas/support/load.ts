/** Asks at a steady pace as far as the machine keeps up, and keeps what went wrong. */
export interface Load {
  readonly sent: number;
  readonly failures: readonly string[];
  /** Waits for the answers that are still out. */
  stop(): Promise<void>;
}

const TICK_MS = 10;
/** On a machine that has other work to do, more would only wait for each other. */
const MAX_OPEN = 32;

export function startLoad(perSecond: number, ask: () => Promise<{ readonly status: number }>): Load {
  const pending = new Set<Promise<void>>();
  const failures: string[] = [];
  const startedAtMs = performance.now();
  let sent = 0;
  const send = async () => {
    try {
      const { status, ...more } = await ask();
      if (status !== 200) failures.push(`${status} ${JSON.stringify(more)}`);
    } catch (error) {
      failures.push(String(error));
    }
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAtMs) / 1000) * perSecond;
    for (; sent < due && pending.size < MAX_OPEN; sent += 1) {
      const answer = send().finally(() => pending.delete(answer));
      pending.add(answer);
    }
  }, TICK_MS);
  return {
    get sent() {
      return sent;
    },
    failures,
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
    },
  };
}
