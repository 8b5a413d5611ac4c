import { useEffect, useRef } from "preact/hooks";
import type { AppState } from "../app-context.ts";
import { rememberTheme, singleKeysEnabled } from "../state/preferences.ts";
import { lastRange, QUICK_RANGES_MS, shiftRange, widenRange } from "../state/time-range.ts";
import type { View } from "../state/view.ts";
import { toggleLive } from "./toggle-live.ts";

/** A second key must follow `g` so soon. */
const SEQUENCE_MS = 1_500;
const SHIFT = 0.5;

interface Openers {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

/** Listens to the page's shortcuts. Keys typed into fields and keys that a part has used are left. */
export function useShortcuts(app: AppState, { openPalette, openHelp }: Openers): void {
  const latest = useRef(app);
  latest.current = app;
  useEffect(() => {
    let goUntilMs = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        openPalette();
        return;
      }
      if (!isFreeKey(event)) return;
      const wasGo = event.timeStamp < goUntilMs;
      goUntilMs = event.key === "g" ? event.timeStamp + SEQUENCE_MS : 0;
      if (event.key === "?") openHelp();
      else {
        const change = wasGo ? goTo(event.key) : viewChange(event.key, latest.current);
        if (change === null) return;
        latest.current.navigate(change);
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Whether a plain key may be a shortcut: nothing took it, no field is typed in, and they are on. */
export function isFreeKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  // The editor lives in a shadow tree; the event's own target would be its host.
  const [target] = event.composedPath();
  if (!(target instanceof Element)) return false;
  if (target.closest("input, select, textarea, dialog, [contenteditable]")) return false;
  return singleKeysEnabled();
}

function goTo(key: string): Partial<View> | null {
  if (key === "s") return { route: { page: "services" } };
  if (key === "t") return { route: { page: "traces" } };
  if (key === "e") return { route: { page: "explore" } };
  if (key === "c") return { route: { page: "capacity" } };
  if (key === "a") return { route: { page: "anomalies" } };
  if (key === "d") return { route: { page: "data" } };
  return null;
}

/** What a key changes in the view; `null` when it is no shortcut. */
export function viewChange(key: string, app: AppState): Partial<View> | null {
  const quick = /^[1-4]$/.test(key) ? QUICK_RANGES_MS[Number(key) - 1] : undefined;
  if (quick !== undefined) return { range: lastRange(quick) };
  switch (key) {
    case "ArrowLeft":
      return { range: shiftRange(app.range, -SHIFT) };
    case "ArrowRight":
      return { range: shiftRange(app.range, SHIFT) };
    case "-":
      return { range: widenRange(app.range, app.nowMs) };
    case "l":
      return { range: toggleLive(app) };
    case "d": {
      const theme = app.theme === "dark" ? "light" : "dark";
      rememberTheme(theme);
      return { theme };
    }
    default:
      return null;
  }
}
