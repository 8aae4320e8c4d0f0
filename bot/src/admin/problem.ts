import type { AdminError, AdminErrorCode } from "@gatehouse/admin/rotation";

/** For somebody in a chat, where the message is for a command line; the log has both. */
const IN_CHAT: Readonly<Partial<Record<AdminErrorCode, string>>> = {
  ERR_ADMIN_API_UNREACHABLE:
    "The admin API cannot be reached. Check that it runs, and `CLOUDFLARE_BASE_URL`; then try again.",
  ERR_ADMIN_API_ANSWER: "What answers there is not the admin API. Check `CLOUDFLARE_BASE_URL`.",
  ERR_ADMIN_API_UNAUTHENTICATED:
    "The admin API does not accept my API token. Give me another as `CLOUDFLARE_API_TOKEN`, and restart me.",
  ERR_ADMIN_API_FORBIDDEN:
    "My API token may not do this. Give me one with “Access: Service Tokens Write” (`service_tokens:write` at Gatehouse's gateway), and restart me.",
  ERR_ADMIN_NOT_FOUND:
    "The admin API knows no service token with my client id. Check `CLOUDFLARE_ACCOUNT_ID` and `CLOUDFLARE_BASE_URL`.",
};

const ADVICE: Readonly<Partial<Record<AdminErrorCode, string>>> = {
  ERR_ADMIN_API_REFUSED: "Mend what it says, and try again.",
  ERR_ADMIN_SINK: "Let me write that file and its folder, and try again.",
  ERR_ADMIN_PROOF:
    "It is in my file, and the old one works until its overlap ends. `npm run admin -- doctor` says what is wrong; then try again.",
};

/** What kept the admin API or a rotation from working, and what to do: mrkdwn once escaped, without a secret. */
export function adminProblem({ code, message }: AdminError): string {
  return IN_CHAT[code] ?? [message, ADVICE[code]].filter(Boolean).join(" ");
}
