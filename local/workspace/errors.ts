/** Codes of the local workspace. Listed in docs/errors.md. */
export type WorkspaceErrorCode = "ERR_WORKSPACE_DATA_UNREADABLE";

/** Something that keeps the local workspace from starting. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
  readonly code: WorkspaceErrorCode;

  constructor(code: WorkspaceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
