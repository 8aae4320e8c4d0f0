import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "./html.ts";
import { Dialog } from "./kit/dialog.ts";
import { Field } from "./kit/fields.ts";
import { useAction } from "./kit/use-action.ts";
import { type Session, signIn } from "./session.ts";
import { GateSign } from "./signs.ts";

export const UNKNOWN_TOKEN = "This token is not known, or it has expired. Check that it was copied whole.";

interface SignInProps {
  /** Why an earlier attempt failed. */
  readonly problem?: string | undefined;
  readonly onSignedIn: (session: Session) => void;
}

/** Where everybody begins who has no session. */
export function SignIn({ problem, onSignedIn }: SignInProps): VNode {
  return html`<main class="sign-in">
    <div class="card">
      <h1><${GateSign} /> Gatehouse admin</h1>
      <p class="muted">Sign in with an API token. Whoever runs the gateway makes one with</p>
      <pre>npm run gateway -- api-tokens create me --scope all</pre>
      <p class="muted">On your own machine, <code>npm start</code> prints a link that signs in by itself.</p>
      <${SignInForm} problem=${problem} onSignedIn=${onSignedIn} />
    </div>
  </main>`;
}

/** Over the page when the session has ended: what was being typed stays behind it. */
export function SignInAgain({ onSignedIn }: SignInProps): VNode {
  return html`<${Dialog} title="Your session has ended" onClose=${() => location.reload()}>
    <div class="dialog-body">
      <p>Sign in again to go on; what you were doing is still there.</p>
      <${SignInForm} onSignedIn=${onSignedIn} />
    </div>
  <//>`;
}

function SignInForm({ problem: earlier, onSignedIn }: SignInProps): VNode {
  const [token, setToken] = useState("");
  const { isBusy, problem, run } = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    if (token.trim() !== "") void run(async () => onSignedIn(await signIn(token.trim())));
  };
  return html`<form onSubmit=${submit}>
    <${Field} label="API token" type="password" autocomplete="off" autofocus isFirst value=${token} onInput=${setToken} error=${wordsOf(problem) ?? earlier} />
    <button type="submit" class="button primary" disabled=${isBusy}>${isBusy ? "Signing in …" : "Sign in"}</button>
  </form>`;
}

function wordsOf(problem: { readonly status: number; readonly message: string } | undefined): string | undefined {
  if (problem?.status === 401) return UNKNOWN_TOKEN;
  return problem?.message;
}
