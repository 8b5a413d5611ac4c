import { useEffect, useRef } from "preact/hooks";
import { isFreeKey } from "../header/shortcuts.ts";

/**
 * Lets keys act on a part of the page while the pointer is over it, as they do while it has the
 * focus. Give the result to the part's element. A key that something else took is left alone.
 */
export function useHoverKeys(onKey: (event: KeyboardEvent) => void): {
  readonly onMouseEnter: () => void;
  readonly onMouseLeave: () => void;
} {
  const latest = useRef(onKey);
  latest.current = onKey;
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  return {
    onMouseEnter() {
      const listen = (event: KeyboardEvent): void => {
        if (isFreeKey(event)) latest.current(event);
      };
      stop.current();
      document.addEventListener("keydown", listen);
      stop.current = () => document.removeEventListener("keydown", listen);
    },
    onMouseLeave: () => stop.current(),
  };
}
