import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

interface Handlers {
  readonly onEscape: () => void;
  readonly onOutside: () => void;
}

/** While `isOpen`, calls back on Escape and when pointer or focus goes outside of `box`. */
export function useDismiss(
  box: RefObject<HTMLElement | null>,
  isOpen: boolean,
  { onEscape, onOutside }: Handlers,
): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onEscape();
    };
    const onAway = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onOutside();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onAway);
    document.addEventListener("focusin", onAway);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onAway);
      document.removeEventListener("focusin", onAway);
    };
  }, [isOpen]);
}
