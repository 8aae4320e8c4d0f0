/** Codes of this room, listed in docs/errors.md. */
export type LocalErrorCode = "ERR_LOCAL_RUNNING" | "ERR_LOCAL_STATE_UNREADABLE" | "ERR_LOCAL_CHAT_UNREADABLE";

/** Something that keeps `npm start` or `npm run reset` from doing its work. */
export class LocalError extends Error {
  override readonly name = "LocalError";
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
