import type { Duplex, Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { MAX_REFUSAL_BYTES } from "./exchange.ts";
import type { Grant } from "./grant.ts";
import type { OpenCalls } from "./open-calls.ts";
import type { PassKeeper } from "./pass-keeper.ts";
import { type RefusalKind, readRefusal, refusalError, refusalKind } from "./refusal.ts";
import type { RefusalDetails } from "./request-error.ts";
import { withPass } from "./request-headers.ts";
import { hasAuthorization, rawWithoutAuthorization, withoutAuthorization } from "./response-cookie.ts";
import type { Counters } from "./stats.ts";
import { CHANNELS, reportRequest } from "./telemetry.ts";
import { type ExpectedAnswer, findFault, truncatedError } from "./unusable-answer.ts";

type Controller = Dispatcher.DispatchController;
type Handler = Dispatcher.DispatchHandler;
type Headers = Parameters<NonNullable<Handler["onResponseStart"]>>[2];

export interface AccessCallDeps {
  readonly dispatch: Dispatcher.Dispatch;
  readonly keeper: PassKeeper;
  readonly counters: Counters;
  /** Options for undici's redirect interceptor, should one run beneath: what keeps it from taking credentials elsewhere. */
  readonly redirectGuard: Readonly<Record<string, unknown>>;
  /** What the answers must be, where a request does not say. */
  readonly expect: ExpectedAnswer | undefined;
  /** Where closing waits for requests. */
  readonly open?: OpenCalls;
}

/** `expect` is ours: undici hands it on without knowing it. */
type CallOptions = Dispatcher.DispatchOptions & { readonly expect?: ExpectedAnswer };

interface Refusal {
  readonly kind: RefusalKind;
  readonly status: number;
  readonly headers: Headers;
  readonly chunks: Buffer[];
  bytes: number;
}

/**
 * One request on its way: waits for a pass where there is none, sends, and judges the answer. A refusal is kept from the
 * caller: the request is sent once more with a better pass where that can help and its body can be sent again; else it
 * fails with a typed error. To undici it is the handler of each attempt; to the caller, the controller of them all.
 */
export class AccessCall implements Handler, Controller {
  readonly #deps: AccessCallDeps;
  readonly #options: CallOptions;
  readonly #handler: Handler;
  #grant: Grant | undefined;
  #target: Controller | null = null;
  #refusal: Refusal | undefined;
  #attempts = 0;
  /** Whether the pair stands in for a JWT that was refused although it was new. */
  #isTrial = false;
  #isStarted = false;
  /** The status that the caller was given. */
  #status: number | undefined;
  #isOver = false;
  readonly #report: ReturnType<typeof reportRequest>;
  #abortReason: Error | null = null;

  constructor(deps: AccessCallDeps, options: CallOptions, handler: Handler) {
    this.#deps = deps;
    this.#options = options;
    this.#handler = handler;
    deps.open?.begin();
    this.#report = reportRequest(deps.keeper.origin, options.method, options.path);
  }

  /** What an undici dispatch returns: false when the caller had better wait for `drain`. */
  start(): boolean {
    const grant = this.#deps.keeper.current();
    if (grant !== undefined) return this.#send(grant);
    this.#isStarted = true;
    this.#handler.onRequestStart?.(this, {});
    // A caller whose signal was aborted before has just said so.
    if (!this.#isOver) void this.#sendWhenGranted();
    return true;
  }

  get aborted(): boolean {
    return this.#abortReason !== null || this.#target?.aborted === true;
  }

  get reason(): Error | null {
    return this.#abortReason ?? this.#target?.reason ?? null;
  }

  get paused(): boolean {
    return this.#target?.paused === true;
  }

  get rawHeaders(): NonNullable<Controller["rawHeaders"]> | null {
    return this.#target?.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<Controller["rawTrailers"]> | null {
    return this.#target?.rawTrailers ?? null;
  }

  /** Ends this request only: an exchange that others may share goes on. */
  abort(reason: Error): void {
    if (this.#abortReason !== null) return;
    this.#abortReason = reason;
    if (this.#target === null) this.#fail(reason);
    else this.#target.abort(reason);
  }

  pause(): void {
    this.#target?.pause();
  }

  resume(): void {
    this.#target?.resume();
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#target = controller;
    if (this.#abortReason !== null) {
      controller.abort(this.#abortReason);
    } else if (!this.#isStarted) {
      this.#isStarted = true;
      this.#handler.onRequestStart?.(this, context);
    }
  }

  onRequestUpgrade(_: Controller, status: number, headers: Headers, socket: Duplex): void {
    this.#status = status;
    this.#end();
    this.#handler.onRequestUpgrade?.(this, status, headers, socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, message?: string): void {
    const kind = refusalKind(status, headers);
    if (kind !== undefined) {
      this.#refusal = { kind, status, headers, chunks: [], bytes: 0 };
      return;
    }
    const isRayed = this.#grant?.isRayed === true;
    const fault = findFault(this.#deps.keeper.origin, status, headers, isRayed, this.#expected());
    if (fault !== undefined) {
      // Leads to onResponseError.
      controller.abort(fault);
      return;
    }
    if (status >= 200) this.#noteSuccess(status);
    const isShared = hasAuthorization(headers["set-cookie"]);
    if (isShared && Array.isArray(controller.rawHeaders)) {
      controller.rawHeaders = rawWithoutAuthorization(controller.rawHeaders as (string | Buffer)[]) as string[];
    }
    this.#handler.onResponseStart?.(this, status, isShared ? withoutAuthorization(headers) : headers, message);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#refusal === undefined) this.#handler.onResponseData?.(this, chunk);
    else this.#collect(this.#refusal, chunk, controller);
  }

  onResponseEnd(_: Controller, trailers: Headers): void {
    if (this.#refusal !== undefined) {
      this.#settle(this.#refusal);
    } else {
      this.#end();
      this.#handler.onResponseEnd?.(this, trailers);
    }
  }

  onResponseError(_: Controller | null, error: Error): void {
    if (this.#refusal !== undefined && this.#abortReason === null) this.#settle(this.#refusal);
    else this.#fail(this.#status === undefined ? error : truncatedError(this.#deps.keeper.origin, error));
  }

  #send(grant: Grant): boolean {
    this.#grant = grant;
    this.#attempts += 1;
    const headers = withPass(this.#options.headers, grant.pass);
    const { dispatch, redirectGuard } = this.#deps;
    try {
      return dispatch({ ...this.#options, ...redirectGuard, headers } as Dispatcher.DispatchOptions, this);
    } catch (error) {
      this.#fail(error as Error);
      return true;
    }
  }

  async #sendWhenGranted(): Promise<void> {
    try {
      const grant = await this.#deps.keeper.obtain(this.#options.path);
      if (!this.#isOver) this.#send(grant);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #expected(): ExpectedAnswer | undefined {
    const { method, expect = this.#deps.expect } = this.#options;
    return method === "HEAD" ? undefined : expect;
  }

  #noteSuccess(status: number): void {
    this.#status = status;
    const grant = this.#grant;
    if (grant === undefined) return;
    grant.isProven = true;
    if (this.#isTrial) this.#deps.keeper.preferPair(grant);
  }

  #collect(refusal: Refusal, chunk: Buffer, controller: Controller): void {
    refusal.bytes += chunk.length;
    if (refusal.bytes <= MAX_REFUSAL_BYTES) refusal.chunks.push(chunk);
    // Aborting leads to onResponseError, which settles with what was read.
    else controller.abort(new RangeError("The refusal's body is too long."));
  }

  /** Decides what a refusal leads to. */
  #settle(refusal: Refusal): void {
    this.#refusal = undefined;
    const { keeper } = this.#deps;
    const grant = this.#grant;
    const details = readRefusal(refusal.status, refusal.headers, Buffer.concat(refusal.chunks).toString("utf8"));
    const isForbidden = refusal.kind === "forbidden";
    const canReplay = this.#attempts === 1 && isReplayable(this.#options.body);
    if (CHANNELS.refused.hasSubscribers) CHANNELS.refused.publish({ origin: keeper.origin, ...details });
    if (grant !== undefined && !isForbidden) keeper.invalidate(grant);
    if (canReplay && grant !== undefined && mayPairHelp(grant, details)) this.#replay(() => this.#tryPair(grant));
    else if (canReplay && !isForbidden) this.#replay(() => void this.#sendWhenGranted());
    else this.#fail(refusalError(refusal.kind, keeper.origin, this.#options.path, details));
  }

  #replay(send: () => void): void {
    this.#deps.counters.replays += 1;
    this.#target = null;
    send();
  }

  /** Some servers hand out a JWT and yet want the pair each time: those of Service-Auth-only apps at the vendor's. */
  #tryPair(grant: Grant): void {
    this.#isTrial = true;
    this.#send({ ...grant, pass: grant.pair });
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#end(error);
    this.#handler.onResponseError?.(this, error);
  }

  #end(error?: Error): void {
    this.#isOver = true;
    this.#deps.open?.end();
    const status = this.#status;
    this.#report?.({ isReplayed: this.#attempts > 1, ...(status && { status }), ...(error && { error }) });
  }
}

/** A new JWT refused without a reason: the server may take the pair alone. One that has worked before ended, or was revoked. */
function mayPairHelp({ pass, isProven }: Grant, { reason }: RefusalDetails): boolean {
  return pass.kind === "token" && !isProven && reason === undefined;
}

/** A stream is gone once it was sent. */
function isReplayable(body: Dispatcher.DispatchOptions["body"] | Readable): boolean {
  return body == null || typeof body === "string" || body instanceof Uint8Array;
}
