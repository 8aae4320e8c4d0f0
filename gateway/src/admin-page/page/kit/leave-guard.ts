import { useEffect } from "preact/hooks";

type Guard = () => void;

let guard: Guard | undefined;

/** While `isDirty`, leaving is stopped and `ask` is called instead, so that nothing typed is lost by a stray key. */
export function useLeaveGuard(isDirty: boolean, ask: Guard): void {
  useEffect(() => {
    if (!isDirty) return;
    guard = ask;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    return () => {
      guard = undefined;
      removeEventListener("beforeunload", onUnload);
    };
  }, [isDirty, ask]);
}

/** What was typed is saved: leaving is free at once, before the form is gone from the page. */
export function letGo(): void {
  guard = undefined;
}

/** Whether leaving was stopped. */
export function isHeldBack(): boolean {
  guard?.();
  return guard !== undefined;
}
