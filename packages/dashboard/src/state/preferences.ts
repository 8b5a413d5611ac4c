import { LANGUAGES, type Language, oneOf, THEMES, type Theme, type View } from "./view.ts";

const LANGUAGE_KEY = "avx.language";
const THEME_KEY = "avx.theme";
const SINGLE_KEYS_KEY = "avx.single-keys";

/** The language to show: the URL's, else the one chosen before, else the browser's, else English. */
export function effectiveLanguage(view: View): Language {
  return view.language ?? oneOf(LANGUAGES, read(LANGUAGE_KEY)) ?? browserLanguage();
}

/** The theme to show: the URL's, else the one chosen before, else the system's. */
export function effectiveTheme(view: View, systemIsDark: boolean): Theme {
  return view.theme ?? oneOf(THEMES, read(THEME_KEY)) ?? (systemIsDark ? "dark" : "light");
}

/** Keeps the choice for pages that are opened without it in the URL. */
export function rememberLanguage(language: Language): void {
  write(LANGUAGE_KEY, language);
}

/** Keeps the choice for pages that are opened without it in the URL. */
export function rememberTheme(theme: Theme): void {
  write(THEME_KEY, theme);
}

/** Whether shortcuts of one plain key act (WCAG 2.1.4 asks that they can be turned off). */
export function singleKeysEnabled(): boolean {
  return read(SINGLE_KEYS_KEY) !== "off";
}

/** Turns shortcuts of one plain key on or off. */
export function rememberSingleKeys(enabled: boolean): void {
  write(SINGLE_KEYS_KEY, enabled ? "on" : "off");
}

function browserLanguage(): Language {
  const first = navigator.languages.find((tag) => /^(?:en|pt)\b/i.test(tag)) ?? "en";
  return /^pt\b/i.test(first) ? "pt-BR" : "en";
}

/** Storage may be blocked by the user; then nothing is remembered and everything else works. */
function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Blocked or full: the choice still stands in the URL.
  }
}
