import { useEffect, useRef, useState } from "preact/hooks";
import { changeQuery } from "../router.ts";

const PAUSE_MS = 250;

/**
 * A text that is kept in the address under `name`, a moment after the last key. When the address changes by other means, the
 * text follows.
 *
 * @param value What the address has now.
 */
export function useQueryText(name: string, value: string): readonly [text: string, setText: (text: string) => void] {
  const [text, setText] = useState(value);
  const written = useRef(value);
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    const next = text.trim();
    if (next === written.current) return;
    const timer = setTimeout(() => {
      written.current = next;
      changeQuery({ [name]: next, page: "" });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
