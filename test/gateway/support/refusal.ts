/** How the official SDK tells what the API refused. */
export interface Refusal {
  readonly status: number;
  readonly codes: readonly number[];
  /** All messages, a line each. */
  readonly text: string;
  readonly pointers: readonly (string | undefined)[];
}

interface SdkError {
  readonly status: number;
  readonly errors: readonly {
    readonly code: number;
    readonly message: string;
    readonly source?: { pointer?: string };
  }[];
}

/** What a call was refused with. @throws {TypeError} when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    const { status, errors } = error as SdkError;
    return {
      status,
      codes: errors.map(({ code }) => code),
      text: errors.map(({ message }) => message).join("\n"),
      pointers: errors.map(({ source }) => source?.pointer),
    };
  }
  throw new TypeError(`the call was not refused: ${JSON.stringify(answer)}`);
}
