import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import { rememberLanguage } from "../state/preferences.ts";
import { LANGUAGES, type Language } from "../state/view.ts";

const NAME_KEYS = {
  en: "language.en",
  "pt-BR": "language.pt-BR",
} as const satisfies Record<Language, MessageKey>;

/** What stands on the buttons: short forms that need no translation. */
const SHORT_NAMES: Readonly<Record<Language, string>> = { en: "EN", "pt-BR": "PT" };

/** One button for each language, named in that language. */
export function LanguageSwitch(): VNode {
  const { t, language, navigate } = useApp();
  const choose = (next: Language): void => {
    rememberLanguage(next);
    navigate({ language: next });
  };
  return (
    <fieldset class="segments" aria-label={t("language.label")}>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          title={t(NAME_KEYS[one])}
          aria-label={`${SHORT_NAMES[one]}: ${t(NAME_KEYS[one])}`}
          aria-pressed={one === language}
          onClick={() => choose(one)}
        >
          {SHORT_NAMES[one]}
        </button>
      ))}
    </fieldset>
  );
}
