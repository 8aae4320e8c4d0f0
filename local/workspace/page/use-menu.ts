import { useEffect, useRef, useState } from "preact/hooks";

/** A menu that opens at its button and closes with Escape, a click elsewhere, or when told. `frame` holds both. */
export function useMenu() {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: Event) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      frame.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus();
      setOpen(false);
    };
    addEventListener("pointerdown", onPointer);
    addEventListener("keydown", onKey, { capture: true });
    return () => {
      removeEventListener("pointerdown", onPointer);
      removeEventListener("keydown", onKey, { capture: true });
    };
  }, [isOpen]);
  return { isOpen, frame, toggle: () => setOpen(!isOpen), close: () => setOpen(false) };
}

/** Arrow keys walk through the menu's items. */
export function walkMenu(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  const index = items.indexOf(document.activeElement as HTMLButtonElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(index + step + items.length) % items.length]?.focus();
}
