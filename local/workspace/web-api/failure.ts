/** An answer of `{"ok": false, "error": code}`, under Slack's own names. https://docs.slack.dev/apis/web-api#errors */
export class SlackFailure extends Error {
  override readonly name = "SlackFailure";
  readonly code: string;
  /** `response_metadata.messages`: what exactly was wrong. */
  readonly details: readonly string[];

  constructor(code: string, details: readonly string[] = []) {
    super(code);
    this.code = code;
    this.details = details;
  }
}
