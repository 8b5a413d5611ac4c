import type { EN_ANOMALIES } from "./en-anomalies.ts";
import type { EN_CAPACITY } from "./en-capacity.ts";
import type { EN_CORE } from "./en-core.ts";
import type { EN_DATA } from "./en-data.ts";
import type { EN_DIALOGS } from "./en-dialogs.ts";
import type { EN_EXPLORE } from "./en-explore.ts";
import type { EN_QUALITY } from "./en-quality.ts";
import type { EN_SERVICE } from "./en-service.ts";
import type { EN_TRACE } from "./en-trace.ts";

/** A text that depends on a count, one form a plural category of English and Portuguese. */
export interface PluralText {
  readonly one: string;
  readonly other: string;
}

type English = typeof EN_CORE &
  typeof EN_ANOMALIES &
  typeof EN_CAPACITY &
  typeof EN_DATA &
  typeof EN_DIALOGS &
  typeof EN_EXPLORE &
  typeof EN_QUALITY &
  typeof EN_SERVICE &
  typeof EN_TRACE;

/** The name of one text of the page. */
export type MessageKey = keyof English;

/** What another language must have: the keys of English, and a plural text where English has one. */
export type TextsLike<Texts> = {
  readonly [K in keyof Texts]: Texts[K] extends string ? string : PluralText;
};

/** Texts of one language by key; those that are not loaded are absent. */
export type Texts = Readonly<Partial<Record<string, string | PluralText>>>;

type Fields<S> = S extends `${string}{${infer Field}}${infer Rest}` ? Field | Fields<Rest> : never;

type FieldsOf<K extends MessageKey> = English[K] extends { readonly other: infer Other }
  ? Fields<Other> | "count"
  : Fields<English[K]>;

/** The values that the text of a key asks for; none for a plain text. */
export type MessageArguments<K extends MessageKey> = [FieldsOf<K>] extends [never]
  ? []
  : [Readonly<Record<FieldsOf<K>, string | number>>];
