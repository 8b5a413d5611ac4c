import type { Formatter } from "../format/formatter.ts";
import type { Language } from "../state/view.ts";
import type { Catalogue, MessageArguments, MessageKey } from "./catalogue.ts";
import { EN } from "./en.ts";
import { PT_BR } from "./pt-br.ts";

/** The text of a key in the chosen language, its fields filled in; numbers in the locale's form. */
export type Translate = <K extends MessageKey>(key: K, ...values: MessageArguments<K>) => string;

/** The catalogue of each language. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: EN, "pt-BR": PT_BR };

/** A translator into `language`, which writes numbers with `formatter`. */
export function createTranslate(language: Language, formatter: Formatter): Translate {
  const catalogue = CATALOGUES[language];
  const rules = new Intl.PluralRules(language);
  return (key, ...[values]) => {
    const fields: Readonly<Record<string, string | number>> = values ?? {};
    const message = catalogue[key];
    if (typeof message === "string") return fill(message, fields, formatter);
    const form = rules.select(Number(fields["count"])) === "one" ? message.one : message.other;
    return fill(form, fields, formatter);
  };
}

function fill(
  template: string,
  fields: Readonly<Record<string, string | number>>,
  formatter: Formatter,
): string {
  return template.replace(/\{(\w+)\}/g, (field, name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined) return field;
    return typeof value === "number" ? formatter.integer(value) : value;
  });
}
