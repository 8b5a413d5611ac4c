/**
 * Some browsers report a POSIX locale such as `en-US@posix`, which is no language tag. uPlot makes a
 * number format of `navigator.language` as it loads, and would fail with all charts. Such a
 * language is replaced by English for this page; our own texts and numbers do not come from it.
 */
export function replaceInvalidLocale(browser: Navigator): void {
  try {
    Intl.getCanonicalLocales(browser.language);
  } catch {
    Object.defineProperty(browser, "language", { value: "en", configurable: true });
  }
}
