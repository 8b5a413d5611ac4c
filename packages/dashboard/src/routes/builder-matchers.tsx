import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { type BuilderMatcher, MATCH_OPERATORS } from "../data/builder-query.ts";
import { labelValuesRequest } from "../data/explore-requests.ts";
import { dataOf, useAnswer } from "../data/use-answer.ts";
import { Icon } from "../elements/icon.tsx";
import { oneOf } from "../state/view.ts";
import { SuggestField } from "./suggest-field.tsx";

interface Props {
  readonly metric: string;
  readonly matchers: readonly BuilderMatcher[];
  /** Labels to offer. */
  readonly labels: readonly string[];
  readonly onChange: (matchers: readonly BuilderMatcher[]) => void;
}

/** The conditions on labels, one a row. */
export function BuilderMatchers({ metric, matchers, labels, onChange }: Props): VNode {
  const { t } = useApp();
  const added: BuilderMatcher = { label: "", operator: "=", value: "" };
  return (
    <fieldset class="builder-part">
      <legend class="quiet">{t("explore.builder-labels")}</legend>
      {matchers.map((matcher, i) => (
        <MatcherRow
          key={i}
          count={i + 1}
          metric={metric}
          matcher={matcher}
          labels={labels}
          onChange={(next) => onChange(matchers.with(i, next))}
          onRemove={() => onChange(matchers.toSpliced(i, 1))}
        />
      ))}
      <button type="button" class="button" onClick={() => onChange([...matchers, added])}>
        {t("explore.builder-add")}
      </button>
    </fieldset>
  );
}

interface RowProps {
  /** From 1, for the names of the fields. */
  readonly count: number;
  readonly metric: string;
  readonly matcher: BuilderMatcher;
  readonly labels: readonly string[];
  readonly onChange: (matcher: BuilderMatcher) => void;
  readonly onRemove: () => void;
}

function MatcherRow({ count, metric, matcher, labels, onChange, onRemove }: RowProps): VNode {
  const { t, nowMs } = useApp();
  const { label, operator, value } = matcher;
  const values = useAnswer(
    `values of ${JSON.stringify([metric, label])}`,
    label === "" ? null : labelValuesRequest(metric, label),
    { always: 0, afterFailure: nowMs },
  );
  return (
    <div class="builder-row">
      <SuggestField
        label={t("explore.builder-label", { count })}
        isLabelHidden
        value={label}
        suggestions={labels}
        onValue={(next) => onChange({ ...matcher, label: next })}
      />
      <select
        class="select"
        aria-label={t("explore.builder-operator", { count })}
        value={operator}
        onChange={(event) => {
          const chosen = oneOf(MATCH_OPERATORS, event.currentTarget.value);
          onChange({ ...matcher, operator: chosen ?? operator });
        }}
      >
        {MATCH_OPERATORS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <SuggestField
        label={t("explore.builder-value", { count })}
        isLabelHidden
        value={value}
        suggestions={dataOf(values) ?? []}
        onValue={(next) => onChange({ ...matcher, value: next })}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={t("explore.builder-remove", { count })}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
