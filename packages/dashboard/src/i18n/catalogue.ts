import type { EN } from "./en.ts";

/** A text that depends on a count, one form a plural category of English and Portuguese. */
export interface PluralText {
  readonly one: string;
  readonly other: string;
}

/** The name of one text of the page. */
export type MessageKey = keyof typeof EN;

/** What every language must have: the keys of English, and a plural text where English has one. */
export type Catalogue = {
  readonly [K in MessageKey]: (typeof EN)[K] extends string ? string : PluralText;
};

type Fields<S> = S extends `${string}{${infer Field}}${infer Rest}` ? Field | Fields<Rest> : never;

type FieldsOf<K extends MessageKey> = (typeof EN)[K] extends { readonly other: infer Other }
  ? Fields<Other> | "count"
  : Fields<(typeof EN)[K]>;

/** The values that the text of a key asks for; none for a plain text. */
export type MessageArguments<K extends MessageKey> = [FieldsOf<K>] extends [never]
  ? []
  : [Readonly<Record<FieldsOf<K>, string | number>>];
