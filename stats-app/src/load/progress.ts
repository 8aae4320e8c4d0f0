import cliProgress from "cli-progress";

/** Shows how far a load is: a bar on a terminal, a line every tenth elsewhere. */
export interface Progress {
  update(done: number, size: number): void;
  stop(): void;
}

export function createProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? barProgress(output) : lineProgress(output);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const format = "  {bar} {percentage} %  {eta_formatted} left";
  const bar = new cliProgress.SingleBar(
    { stream, format, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0);
  return {
    update(done, size) {
      bar.setTotal(size);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  let shown = 0;
  return {
    update(done, size) {
      const tenth = size === 0 ? 10 : Math.floor((10 * done) / size);
      if (tenth <= shown) return;
      shown = tenth;
      stream.write(`  ${tenth * 10} %\n`);
    },
    stop: () => undefined,
  };
}
