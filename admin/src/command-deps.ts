/** What a command gets from its surroundings. */
export interface CommandDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly hasColour: boolean;
  readonly setExitCode: (code: number) => void;
}
