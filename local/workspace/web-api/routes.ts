import { timingSafeEqual } from "node:crypto";
import express, { type Request, type Response, type Router } from "express";
import type { FaultBox } from "../app/faults.ts";
import { applyReply } from "../app/replies.ts";
import type { RequestNotes } from "../request-log.ts";
import type { WorkspaceSecrets } from "../store/secret-store.ts";
import { readArguments } from "./arguments.ts";
import { SlackFailure } from "./failure.ts";
import { MAX_FILE_BYTES } from "./file-methods.ts";
import type { Method, WebApiDeps } from "./method.ts";
import { methods } from "./methods.ts";

export type WebApiRoutesDeps = WebApiDeps & {
  readonly faults: Pick<FaultBox, "take">;
  readonly secrets: WorkspaceSecrets;
};

const MAX_BODY_BYTES = 1024 * 1024;
/** Enough for every method there is. */
const MAX_LOGGED_NAME = 60;
/** What a rate-limited call is told to wait, in seconds. */
const RETRY_AFTER_SECONDS = 1;

/** What the app reaches over HTTP: `/api/<method>`, response URLs, and upload addresses. */
export function createWebApiRoutes(deps: WebApiRoutesDeps): Router {
  const router = express.Router();
  const body = express.raw({ type: () => true, limit: MAX_BODY_BYTES });
  router.all("/api/:method", body, (request, response) => answerCall(request, response, deps));
  router.post("/response/:id", body, (request, response) => answerResponseUrl(request, response, deps));
  router.post("/upload/:id", express.raw({ type: () => true, limit: MAX_FILE_BYTES }), (request, response) =>
    takeUpload(request, response, deps),
  );
  return router;
}

async function answerCall(request: Request, response: Response, deps: WebApiRoutesDeps): Promise<void> {
  const name = String(request.params["method"]);
  const notes: RequestNotes = response.locals;
  notes.call = name.slice(0, MAX_LOGGED_NAME);
  if (deps.faults.take("rateLimits")) {
    notes.error = "ratelimited";
    response.status(429).set("Retry-After", String(RETRY_AFTER_SECONDS)).json({ ok: false, error: "ratelimited" });
    return;
  }
  const answer = await callMethod(name, request, deps);
  if ("error" in answer) notes.error = String(answer.error);
  response.json(answer);
}

async function callMethod(name: string, request: Request, deps: WebApiRoutesDeps): Promise<object> {
  try {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw new SlackFailure("unknown_method");
    const args = await readArguments(request.get("content-type") ?? "", bytesOf(request));
    assertToken(method, tokenOf(request, args), deps.secrets);
    return { ok: true, ...method.call(args, deps) };
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    const { code, details } = error;
    return { ok: false, error: code, ...(details.length > 0 && { response_metadata: { messages: details } }) };
  }
}

function tokenOf(request: Request, args: Record<string, unknown>): string {
  const bearer = /^Bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
  const token = bearer ?? args["token"];
  if (typeof token !== "string" || token === "") throw new SlackFailure("not_authed");
  return token;
}

function assertToken(method: Method, token: string, { botToken, appToken }: WorkspaceSecrets): void {
  const isBot = isSame(token, botToken);
  if (!isBot && !isSame(token, appToken)) throw new SlackFailure("invalid_auth");
  if (isBot !== (method.token === "bot")) throw new SlackFailure("not_allowed_token_type");
}

function isSame(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function answerResponseUrl(request: Request, response: Response, deps: WebApiRoutesDeps): void {
  const target = deps.responseUrls.use(String(request.params["id"]));
  if (target === undefined) {
    response.status(404).send("used_url");
    return;
  }
  const failure = applyReply(jsonOf(request), target, { chat: deps.chat, botUserId: deps.identities.bot.id });
  response.status(failure === undefined ? 200 : 400).send(failure ?? "ok");
}

async function takeUpload(request: Request, response: Response, { files }: WebApiRoutesDeps): Promise<void> {
  const content = await uploadedBytes(request).catch(refusedUpload);
  if (content.length === 0 || !files.fill(String(request.params["id"]), content)) {
    response.status(400).send("upload failed");
    return;
  }
  response.send(`OK - ${content.length}`);
}

async function uploadedBytes(request: Request): Promise<Uint8Array> {
  const contentType = request.get("content-type") ?? "";
  return contentType.startsWith("multipart/form-data") ? fileOf(contentType, request) : bytesOf(request);
}

function refusedUpload(error: unknown): Uint8Array {
  if (error instanceof SlackFailure) return new Uint8Array();
  throw error;
}

async function fileOf(contentType: string, request: Request): Promise<Uint8Array> {
  const args = await readArguments(contentType, bytesOf(request));
  const file = Object.values(args).find((value) => value instanceof Blob);
  return file === undefined ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
}

function bytesOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function jsonOf(request: Request): unknown {
  try {
    return JSON.parse(bytesOf(request).toString("utf8"));
  } catch {
    return undefined;
  }
}
