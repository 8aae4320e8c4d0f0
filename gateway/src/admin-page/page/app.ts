import type { VNode } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { watchSession } from "./api/client.ts";
import { html } from "./html.ts";
import { useResource } from "./kit/resource.ts";
import { Loaded } from "./kit/states.ts";
import { Toasts } from "./kit/toasts.ts";
import { readSession, type Session, signIn } from "./session.ts";
import { Shell } from "./shell.ts";
import { SignIn, SignInAgain } from "./sign-in.ts";

/** The whole page: who is signed in, then what they see. `token` is that of a sign-in link. */
export function App({ token }: { token: string | null }): VNode {
  const opening = useResource(() => openSession(token), []);
  return html`<${Loaded} resource=${opening}>${({ session, problem }: Opening) => html`<${Signed} first=${session} problem=${problem} />`}<//>`;
}

interface Opening {
  readonly session: Session | null;
  /** Why the link did not sign in. */
  readonly problem?: string;
}

async function openSession(token: string | null): Promise<Opening> {
  if (token === null) return { session: await readSession() };
  try {
    return { session: await signIn(token) };
  } catch (error) {
    return { session: null, problem: (error as Error).message };
  }
}

function Signed({ first, problem }: { first: Session | null; problem?: string }): VNode {
  const [session, setSession] = useState(first);
  const [isOver, setOver] = useState(false);
  useEffect(() => watchSession(() => setOver(true)), []);
  const onSignedIn = useCallback((next: Session) => {
    setSession(next);
    setOver(false);
  }, []);
  if (session === null) return html`<${SignIn} problem=${problem} onSignedIn=${onSignedIn} />`;
  return html`<${Shell} session=${session} onSignedOut=${() => setSession(null)} />
    ${isOver && html`<${SignInAgain} onSignedIn=${onSignedIn} />`}
    <${Toasts} />`;
}
