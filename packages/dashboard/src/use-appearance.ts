import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { effectiveTheme } from "./state/preferences.ts";
import type { Language, Theme, View } from "./state/view.ts";

const DARK_QUERY = "(prefers-color-scheme: dark)";

/** The theme to show now; follows the system while the user has not chosen one. */
export function useTheme(view: View): Theme {
  const [systemIsDark, setSystemIsDark] = useState(() => matchMedia(DARK_QUERY).matches);
  useEffect(() => {
    const query = matchMedia(DARK_QUERY);
    const onChange = (): void => setSystemIsDark(query.matches);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return effectiveTheme(view, systemIsDark);
}

/** Tells the document its language, theme and title. */
export function useDocument(language: Language, theme: Theme, title: string): void {
  const root = document.documentElement;
  // Children read the theme's colours in their own layout effects, so it must be set before those.
  if (root.dataset["theme"] !== theme) root.dataset["theme"] = theme;
  useLayoutEffect(() => {
    root.lang = language;
    document.title = title;
    const colour = getComputedStyle(root).getPropertyValue("--page").trim();
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.setAttribute("content", colour);
  }, [root, language, theme, title]);
}
