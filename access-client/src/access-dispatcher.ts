import { AccessCall, type AccessCallDeps } from "./access-call.ts";
import { AccessRequestError } from "./request-error.ts";
import { Dispatcher } from "./undici.ts";

/** One origin's dispatcher: every request through it carries a pass, and none leaves for another origin. */
export class AccessDispatcher extends Dispatcher {
  readonly #origin: string;
  readonly #deps: AccessCallDeps;

  constructor(origin: string, deps: AccessCallDeps) {
    super();
    this.#origin = origin;
    this.#deps = deps;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (options.origin === this.#origin) return new AccessCall(this.#deps, options, handler).start();
    const message = `A redirect from ${this.#origin} to another origin was not followed.`;
    queueMicrotask(() => handler.onResponseError?.(NO_CONTROLLER, refused(message)));
    return true;
  }
}

function refused(message: string): AccessRequestError {
  return new AccessRequestError("ERR_ACCESS_REDIRECT_REFUSED", message);
}

/** The request never started, so there is nothing to control. */
const NO_CONTROLLER: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};
