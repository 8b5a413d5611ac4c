import type { QualityProblem } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";

/** The dimensions of data quality that have a score. */
export const QUALITY_DIMENSIONS = [
  { key: "accuracy", name: "quality.accuracy" },
  { key: "completeness", name: "quality.completeness" },
  { key: "consistency", name: "quality.consistency" },
  { key: "validity", name: "quality.validity" },
] as const;

/** What lowers the quality of a signal, in a sentence. */
export function problemText(
  { dimension, amount }: QualityProblem,
  { t, format }: Pick<AppState, "t" | "format">,
): string {
  if (dimension === "timeliness") return t("quality.late", { age: format.length(amount) });
  const share = format.quantity(amount, "ratio");
  switch (dimension) {
    case "accuracy":
      return t("quality.low-accuracy", { share });
    case "completeness":
      return t("quality.low-completeness", { share });
    case "consistency":
      return t("quality.low-consistency", { share });
    case "validity":
      return t("quality.low-validity", { share });
  }
}
