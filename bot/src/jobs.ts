/** Work that a stop waits for: Bolt itself forgets its listeners when it stops. */
export interface Jobs {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs any more, or after `timeoutMs`, with how many were left. */
  drain(timeoutMs: number): Promise<number>;
}

export function createJobs(): Jobs {
  const running = new Set<Promise<unknown>>();
  return {
    run: (work) => {
      const job = work();
      running.add(job);
      const done = (): void => void running.delete(job);
      job.then(done, done);
      return job;
    },
    drain: async (timeoutMs) => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([Promise.allSettled([...running]), late]);
      clearTimeout(timer);
      return running.size;
    },
  };
}
