import { createFormatter, type Formatter } from "../format/formatter.ts";
import type { Texts } from "../i18n/catalogue.ts";
import { TEXT_LOADERS } from "../i18n/load-texts.ts";
import { createTranslate, type Translate } from "../i18n/translate.ts";
import type { Language } from "../state/view.ts";

/** Every text of a language. */
export async function allTexts(language: Language): Promise<Texts> {
  const parts = await Promise.all(Object.values(TEXT_LOADERS[language]).map((load) => load()));
  return Object.assign({}, ...parts);
}

/** A translator with every text, as a page has one with its own; in UTC unless a formatter is given. */
export async function testTranslate(
  language: Language,
  format: Formatter = createFormatter(language, "UTC"),
): Promise<Translate> {
  return createTranslate({ language, texts: await allTexts(language), format });
}
