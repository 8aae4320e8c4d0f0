/** A mistake of the caller, as the envelope's `errors` tells it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** Cloudflare's number, as far as it is known. */
  readonly code: number;
  /** JSON pointer to the field that is wrong. */
  readonly pointer: string | undefined;

  constructor(status: number, code: number, message: string, pointer?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.pointer = pointer;
  }
}
