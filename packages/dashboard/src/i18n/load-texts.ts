import type { Language } from "../state/view.ts";
import type { Texts } from "./catalogue.ts";

/** The texts of one page or dialog; `core` holds what every page may show. */
export type TextPart =
  | "core"
  | "anomalies"
  | "capacity"
  | "data"
  | "dialogs"
  | "explore"
  | "quality"
  | "service"
  | "trace";

type Loaders = Readonly<Record<TextPart, () => Promise<Texts>>>;

const ENGLISH: Loaders = {
  core: () => import("./en-core.ts").then(({ EN_CORE }) => EN_CORE),
  anomalies: () => import("./en-anomalies.ts").then(({ EN_ANOMALIES }) => EN_ANOMALIES),
  capacity: () => import("./en-capacity.ts").then(({ EN_CAPACITY }) => EN_CAPACITY),
  data: () => import("./en-data.ts").then(({ EN_DATA }) => EN_DATA),
  dialogs: () => import("./en-dialogs.ts").then(({ EN_DIALOGS }) => EN_DIALOGS),
  explore: () => import("./en-explore.ts").then(({ EN_EXPLORE }) => EN_EXPLORE),
  quality: () => import("./en-quality.ts").then(({ EN_QUALITY }) => EN_QUALITY),
  service: () => import("./en-service.ts").then(({ EN_SERVICE }) => EN_SERVICE),
  trace: () => import("./en-trace.ts").then(({ EN_TRACE }) => EN_TRACE),
};

const PORTUGUESE: Loaders = {
  core: () => import("./pt-br-core.ts").then(({ PT_BR_CORE }) => PT_BR_CORE),
  anomalies: () => import("./pt-br-anomalies.ts").then(({ PT_BR_ANOMALIES }) => PT_BR_ANOMALIES),
  capacity: () => import("./pt-br-capacity.ts").then(({ PT_BR_CAPACITY }) => PT_BR_CAPACITY),
  data: () => import("./pt-br-data.ts").then(({ PT_BR_DATA }) => PT_BR_DATA),
  dialogs: () => import("./pt-br-dialogs.ts").then(({ PT_BR_DIALOGS }) => PT_BR_DIALOGS),
  explore: () => import("./pt-br-explore.ts").then(({ PT_BR_EXPLORE }) => PT_BR_EXPLORE),
  quality: () => import("./pt-br-quality.ts").then(({ PT_BR_QUALITY }) => PT_BR_QUALITY),
  service: () => import("./pt-br-service.ts").then(({ PT_BR_SERVICE }) => PT_BR_SERVICE),
  trace: () => import("./pt-br-trace.ts").then(({ PT_BR_TRACE }) => PT_BR_TRACE),
};

/** All parts of each language, each in a file of its own. */
export const TEXT_LOADERS: Readonly<Record<Language, Loaders>> = {
  en: ENGLISH,
  "pt-BR": PORTUGUESE,
};

/** What has been loaded, once for the whole page. */
const loaded: Readonly<Record<Language, Record<string, Texts[string]>>> = { en: {}, "pt-BR": {} };
const loadedParts: Readonly<Record<Language, Set<TextPart>>> = {
  en: new Set(),
  "pt-BR": new Set(),
};

/** The texts of a language that are there by now; grows as parts are loaded. */
export function textsOf(language: Language): Texts {
  return loaded[language];
}

/** Whether the texts of a part can be shown. */
export function hasTexts(language: Language, part: TextPart): boolean {
  return loadedParts[language].has(part);
}

/** Loads the texts of a part; rejects when the server does not answer. */
export async function loadTexts(language: Language, part: TextPart): Promise<void> {
  if (hasTexts(language, part)) return;
  Object.assign(loaded[language], await TEXT_LOADERS[language][part]());
  loadedParts[language].add(part);
}

/** Loads what another language needs to take the place of those that are shown. */
export async function loadLanguage(language: Language): Promise<void> {
  const parts = new Set<TextPart>(["core"]);
  for (const known of Object.values(loadedParts)) for (const part of known) parts.add(part);
  await Promise.all([...parts].map((part) => loadTexts(language, part)));
}
