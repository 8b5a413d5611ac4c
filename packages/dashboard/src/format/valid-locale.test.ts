import { describe, expect, it } from "vitest";
import { replaceInvalidLocale } from "./valid-locale.ts";

/** The part of a browser's navigator that is looked at. */
function navigatorWith(language: string): Navigator {
  return Object.create({ language });
}

describe("replaceInvalidLocale", () => {
  it("leaves a language alone", () => {
    const browser = navigatorWith("pt-BR");
    replaceInvalidLocale(browser);
    expect(browser.language).toBe("pt-BR");
  });

  it("replaces what Intl refuses", () => {
    const browser = navigatorWith("en-US@posix");
    replaceInvalidLocale(browser);
    expect(() => new Intl.NumberFormat(browser.language)).not.toThrow();
  });
});
