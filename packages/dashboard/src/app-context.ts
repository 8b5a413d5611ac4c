import type { ServicesAnswer } from "@avx/server/contract";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Answer } from "./data/use-answer.ts";
import type { Formatter } from "./format/formatter.ts";
import type { Translate } from "./i18n/translate.ts";
import type { ResolvedRange } from "./state/time-range.ts";
import type { Language, Theme, View } from "./state/view.ts";

/** What every part of the page may read and do. */
export interface AppState {
  readonly view: View;
  readonly language: Language;
  readonly theme: Theme;
  readonly t: Translate;
  readonly format: Formatter;
  /** The moment the page speaks of; steps while live. */
  readonly nowMs: number;
  /** How often the user asked for fresh data. */
  readonly refreshes: number;
  /** All services in the range; every page knows them, for the filter and the commands. */
  readonly services: Answer<ServicesAnswer>;
  /** The view's range at `nowMs`. */
  readonly range: ResolvedRange;
  /** Shows another view as a new history entry. Fields that are not given stay. */
  navigate(change: Partial<View>): void;
  refresh(): void;
}

const AppContext = createContext<AppState | null>(null);

/** Makes the state available below. */
export const AppProvider = AppContext.Provider;

/** The state of the page; throws outside of `AppProvider`. */
export function useApp(): AppState {
  const state = useContext(AppContext);
  if (state === null) throw new Error("useApp is called outside of AppProvider");
  return state;
}
