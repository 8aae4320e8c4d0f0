/** What a command gets from its surroundings. */
export interface CommandDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** What is being done now; the next thing printed takes its place. */
  readonly showProgress: (line: string) => void;
  readonly hasColour: boolean;
  /** Of the terminal; undefined where lines may be as long as they are. */
  readonly columns: number | undefined;
  readonly setExitCode: (code: number) => void;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly ask: Asking | undefined;
}

export interface Asking {
  /** Does not show what is typed. */
  secret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
}
