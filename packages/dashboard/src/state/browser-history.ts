import { formatView, parseView, type View } from "./view.ts";

type Listener = (view: View) => void;

/** The browser's history as a store of views: one entry a view, so that Back is "the view before". */
export interface ViewHistory {
  current(): View;
  /** Shows `view`, as a new entry unless it has the URL that is already shown. */
  push(view: View): void;
  /** Calls `listener` on each change; returns the way to stop. */
  listen(listener: Listener): () => void;
}

/** A history over `window.history` and `window.location`. */
export function createBrowserHistory(): ViewHistory {
  const listeners = new Set<Listener>();
  let current = parseView(window.location);
  const show = (view: View): void => {
    current = view;
    for (const listener of listeners) listener(view);
  };
  window.addEventListener("popstate", () => show(parseView(window.location)));
  return {
    current: () => current,
    push(view) {
      const url = formatView(view);
      if (url === formatView(current)) return;
      if (url !== window.location.pathname + window.location.search)
        window.history.pushState(null, "", url);
      show(parseView(window.location));
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
