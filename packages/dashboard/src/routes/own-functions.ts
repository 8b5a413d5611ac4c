import { completeFromList } from "@codemirror/autocomplete";
import type { LintSource } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";

/** A call of a function that only this server's PromQL has. */
const OWN_CALL = /\bavx_\w+\s*\(/;

const FUNCTIONS = [
  { label: "avx_forecast", detail: "(range, seconds)" },
  { label: "avx_forecast_lower", detail: "(range, seconds)" },
  { label: "avx_forecast_upper", detail: "(range, seconds)" },
  { label: "avx_anomaly_score", detail: "(range)" },
  { label: "avx_expected_lower", detail: "(range)" },
  { label: "avx_expected_upper", detail: "(range)" },
];

/** Whether the text calls functions that Prometheus' grammar, which the editor has, does not know. */
export function callsOwnFunctions(text: string): boolean {
  return OWN_CALL.test(text);
}

/**
 * Prometheus' marks of errors would mark our own functions, and what stands behind them: where one is
 * called the server alone judges the expression, when it runs.
 */
export function leaveOwnFunctions(standard: LintSource): LintSource {
  return (view) => (callsOwnFunctions(view.state.doc.toString()) ? [] : standard(view));
}

/** Completes our own functions besides Prometheus'. */
export function completeOwnFunctions(): Extension {
  const options = FUNCTIONS.map((entry) => ({ ...entry, type: "function" }));
  const autocomplete = completeFromList(options);
  return EditorState.languageData.of(() => [{ autocomplete }]);
}
