import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { curlCommand } from "../data/explore-requests.ts";
import { instantQuery, rangeQuery } from "../data/prometheus.ts";
import type { StepGrid } from "../data/query-step.ts";
import { Icon } from "../elements/icon.tsx";
import type { MessageKey } from "../i18n/catalogue.ts";
import { fixedRange } from "../state/time-range.ts";
import { COMPARISONS, type Comparison, formatView, oneOf } from "../state/view.ts";

const STEP_CHOICES_MS = [1_000, 5_000, 15_000, 60_000, 300_000, 3_600_000] as const;
/** How long "copied" stands on the button. */
const COPIED_MS = 1_500;

const COMPARISON_KEYS = {
  "1d": "explore.compare-1d",
  "1w": "explore.compare-1w",
} as const satisfies Record<Comparison, MessageKey>;

/** Graph or table, comparison, step, and ways to take the question elsewhere. */
export function ExploreControls({ grid }: { readonly grid: StepGrid }): VNode {
  const { t, format, view, range, navigate } = useApp();
  const request = view.asTable
    ? instantQuery(view.expression, grid.endMs)
    : rangeQuery(view.expression, grid);
  const stepMs = view.stepMs ?? 0;
  // Who opens it later must see the same window, also of a view that moves with time.
  const fixed = fixedRange(range.startMs, range.endMs);
  const steps = [...new Set<number>([...STEP_CHOICES_MS, ...(stepMs > 0 ? [stepMs] : [])])];
  return (
    <div class="filters">
      <fieldset class="segments" aria-label={t("explore.show")}>
        {[false, true].map((asTable) => (
          <button
            key={String(asTable)}
            type="button"
            aria-pressed={view.asTable === asTable}
            onClick={() => navigate({ asTable })}
          >
            {asTable ? t("explore.table") : t("explore.graph")}
          </button>
        ))}
      </fieldset>
      <label class="field">
        <span>{t("explore.compare")}</span>
        <select
          class="select"
          value={view.compare ?? ""}
          onChange={(event) => navigate({ compare: oneOf(COMPARISONS, event.currentTarget.value) })}
        >
          <option value="">{t("explore.compare-none")}</option>
          {COMPARISONS.map((one) => (
            <option key={one} value={one}>
              {t(COMPARISON_KEYS[one])}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t("explore.step")}</span>
        <select
          class="select"
          value={String(stepMs)}
          onChange={(event) => navigate({ stepMs: Number(event.currentTarget.value) || null })}
        >
          <option value="0">{t("explore.step-auto")}</option>
          {steps.map((choiceMs) => (
            <option key={choiceMs} value={String(choiceMs)}>
              {format.length(choiceMs)}
            </option>
          ))}
        </select>
      </label>
      <CopyButton
        label={t("explore.copy-link")}
        text={() => location.origin + formatView({ ...view, range: fixed })}
      />
      {view.expression !== "" && (
        <CopyButton
          label={t("explore.copy-curl")}
          text={() => curlCommand(location.origin, request)}
        />
      )}
    </div>
  );
}

function CopyButton({
  label,
  text,
}: {
  readonly label: string;
  readonly text: () => string;
}): VNode {
  const { t } = useApp();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // Refused without focus or outside of a secure context: the button then says nothing.
    await navigator.clipboard.writeText(text());
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), COPIED_MS);
  };
  return (
    <button type="button" class="button" onClick={() => void copy().catch(() => {})}>
      <Icon name={isCopied ? "ok" : "link"} />
      {isCopied ? t("explore.copied") : label}
    </button>
  );
}
