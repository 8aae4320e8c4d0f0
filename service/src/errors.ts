/** Codes of this package, a closed union so that `switch (err.code)` narrows. Listed in docs/errors.md. */
export type ServiceErrorCode = "ERR_CONFIG_INVALID" | "ERR_PORT_IN_USE" | "ERR_LISTEN_FAILED" | "ERR_ASSET_MISSING";

/** Something that keeps an app from starting. `cause` holds the original error. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One thing wrong with the configuration. `name` is what the reader can change: a variable, or a place in a file. */
export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
}

/** Every problem of a configuration at once, so that it is mended in one go. */
export class ConfigError extends ServiceError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, problem }) => `  ${name}: ${problem}`);
    super("ERR_CONFIG_INVALID", `The configuration has ${countOf(problems.length)}:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

function countOf(problems: number): string {
  return problems === 1 ? "1 problem" : `${problems} problems`;
}
