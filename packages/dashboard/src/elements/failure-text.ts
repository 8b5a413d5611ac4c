import { type ApiFailure, REQUEST_TIMEOUT_MS } from "../data/api-client.ts";
import type { Formatter } from "../format/formatter.ts";
import type { Translate } from "../i18n/translate.ts";

/** Why an answer is missing, for a person. */
export function failureText(failure: ApiFailure, t: Translate, format: Formatter): string {
  switch (failure.kind) {
    case "network":
      return t("state.error-network");
    case "timeout":
      return t("state.error-timeout", { length: format.length(REQUEST_TIMEOUT_MS) });
    case "answer":
      return t("state.error-answer", { detail: failure.detail });
    case "http":
      return t("state.error-http", { status: String(failure.status), detail: failure.detail });
  }
}
