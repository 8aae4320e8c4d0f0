/** Shows how far something is: one line that is rewritten on a terminal, and a line per quarter elsewhere. */
export interface Progress {
  show(what: string, share?: number): void;
  end(): void;
}

const WIDTH = 30;

export function createProgress(output: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  let shown = "";
  const isTerminal = output.isTTY === true;
  return {
    show(what, share = 0) {
      const line = isTerminal
        ? `${what} ${bar(share)} ${percent(share)}`
        : `${what}: ${percent(Math.floor(share * 4) / 4)}`;
      if (line === shown) return;
      shown = line;
      output.write(isTerminal ? `\r${line}` : `${line}\n`);
    },
    end() {
      if (isTerminal && shown !== "") output.write(`\r${" ".repeat(shown.length)}\r`);
      shown = "";
    },
  };
}

function bar(share: number): string {
  const filled = Math.round(share * WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
