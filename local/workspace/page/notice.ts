import { useEffect, useState } from "preact/hooks";

const SHOWN_MS = 4_000;

/** A short notice that goes away by itself. */
export function useNotice(): { readonly notice: string | null; readonly notify: (text: string) => void } {
  const [notice, setNotice] = useState<{ readonly text: string } | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setNotice(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return { notice: notice?.text ?? null, notify: (text) => setNotice({ text }) };
}
