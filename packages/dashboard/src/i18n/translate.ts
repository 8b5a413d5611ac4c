import type { Formatter } from "../format/formatter.ts";
import type { Language } from "../state/view.ts";
import type { MessageArguments, MessageKey, Texts } from "./catalogue.ts";

/** The text of a key in the chosen language, its fields filled in; numbers in the locale's form. */
export type Translate = <K extends MessageKey>(key: K, ...values: MessageArguments<K>) => string;

/** What a translator needs: the texts may still grow while it is in use. */
interface Source {
  readonly language: Language;
  readonly texts: Texts;
  /** Writes the numbers. */
  readonly format: Formatter;
}

/** A translator into `language`. A key whose part is not loaded stands for itself. */
export function createTranslate({ language, texts, format }: Source): Translate {
  const rules = new Intl.PluralRules(language);
  return (key, ...[values]) => {
    const fields: Readonly<Record<string, string | number>> = values ?? {};
    const message = texts[key] ?? key;
    if (typeof message === "string") return fill(message, fields, format);
    const form = rules.select(Number(fields["count"])) === "one" ? message.one : message.other;
    return fill(form, fields, format);
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
