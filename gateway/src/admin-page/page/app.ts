import type { VNode } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem, watchSession } from "./api/client.ts";
import { html } from "./html.ts";
import { useResource } from "./kit/resource.ts";
import { Loaded } from "./kit/states.ts";
import { Toasts } from "./kit/toasts.ts";
import { noteLink, openSession, type Session } from "./session.ts";
import { Shell } from "./shell.ts";
import { SignIn, SignInAgain, UNKNOWN_TOKEN } from "./sign-in.ts";

/** The whole page: who is signed in, then what they see. */
export function App(): VNode {
  const [attempt, setAttempt] = useState(0);
  const opening = useResource(() => openPage(attempt), [attempt]);
  useEffect(() => {
    const onHash = () => noteLink() && setAttempt((count) => count + 1);
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  return html`<${Loaded} resource=${opening}>${(opened: Opening) => html`<${Signed} key=${opened.attempt} first=${opened.session} problem=${opened.problem} />`}<//>`;
}

interface Opening {
  readonly attempt: number;
  readonly session: Session | null;
  /** Why the link did not sign in. */
  readonly problem?: string;
}

async function openPage(attempt: number): Promise<Opening> {
  try {
    return { attempt, session: await openSession() };
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return { attempt, session: null, problem: UNKNOWN_TOKEN };
    throw error;
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
