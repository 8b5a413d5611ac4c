import type { AnomalyEvent } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import { SIGNAL_KEYS } from "./service-reason.ts";

/** What a signal is called: a golden signal by its name, any other by its series. */
export function signalName(
  { signal, metric }: Pick<AnomalyEvent, "signal" | "metric">,
  { t }: Pick<AppState, "t">,
): string {
  return signal === "metric" ? metric : t(SIGNAL_KEYS[signal]);
}
