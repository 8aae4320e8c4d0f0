import type { AccessRequest } from "../api/admin-api.ts";
import { type Paint, plain } from "../output/paint.ts";

/** One line of the log for a person: when, the verdict, who, where, from where, why, and the request's id. */
export function formatLine(line: AccessRequest, who: string, paint: Paint): string {
  const verdict = line.allowed ? paint("green", "allowed") : paint("red", "refused");
  const what = line.action === "login" ? "" : line.action;
  const many = (line.count ?? 1) > 1 ? `×${line.count}` : "";
  const parts = [who || "-", line.app_domain || "-", line.ip_address, what, line.reason, many].flatMap(
    (part) => part || [],
  );
  const ray = line.ray_id ? `  ${paint("dim", plain(line.ray_id))}` : "";
  return `${plain(line.created_at)}  ${verdict}  ${parts.map(plain).join("  ")}${ray}\n`;
}
