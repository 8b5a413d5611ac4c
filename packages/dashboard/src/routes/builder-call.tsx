import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import {
  AGGREGATIONS,
  BUILDER_FUNCTIONS,
  type BuilderQuery,
  hasBuckets,
  isDuration,
} from "../data/builder-query.ts";
import { oneOf } from "../state/view.ts";
import { SuggestField } from "./suggest-field.tsx";

/** Quantiles that are asked for; one that stands in the text is offered besides. */
const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Windows that are offered; any duration can be typed. */
const WINDOWS = ["1m", "5m", "15m", "1h", "1d"];

interface Props {
  readonly query: BuilderQuery;
  /** Labels to offer. */
  readonly labels: readonly string[];
  readonly onChange: (query: BuilderQuery) => void;
}

/** The function and the aggregation, with what they need. */
export function BuilderCall({ query, labels, onChange }: Props): VNode {
  const { t } = useApp();
  const { call, window, quantile, aggregation } = query;
  return (
    <>
      <ChoiceField
        label={t("explore.builder-function")}
        chosen={call}
        choices={BUILDER_FUNCTIONS}
        onChoose={(next) => onChange({ ...query, call: next })}
      />
      {call === "histogram_quantile" && (
        <ChoiceField
          label={t("explore.builder-quantile")}
          chosen={String(quantile)}
          choices={[...new Set([...QUANTILES, quantile])].sort().map(String)}
          onChoose={(next) => onChange({ ...query, quantile: Number(next ?? quantile) })}
          isNeeded
        />
      )}
      {call !== null && (
        <SuggestField
          label={t("explore.builder-window")}
          value={window}
          suggestions={WINDOWS}
          hint={t("explore.builder-window-hint")}
          // What is no duration would make a text that the form cannot read back.
          isValid={isDuration}
          onValue={(next) => onChange({ ...query, window: next })}
        />
      )}
      <ChoiceField
        label={t("explore.builder-aggregation")}
        chosen={aggregation}
        choices={AGGREGATIONS}
        onChoose={(next) =>
          onChange({ ...query, aggregation: next, by: next === null ? [] : query.by })
        }
      />
      {aggregation !== null && <ByLabels query={query} labels={labels} onChange={onChange} />}
    </>
  );
}

function ByLabels({ query, labels, onChange }: Props): VNode {
  const { t } = useApp();
  const { by } = query;
  const offered = [...new Set([...by, ...labels])]
    .filter((label) => label !== "le" || !hasBuckets(query))
    .sort();
  return (
    <fieldset class="builder-part">
      <legend class="quiet">{t("explore.builder-by")}</legend>
      {offered.map((label) => (
        <label key={label} class="check">
          <input
            type="checkbox"
            checked={by.includes(label)}
            onChange={(event) => {
              const rest = by.filter((kept) => kept !== label);
              onChange({ ...query, by: event.currentTarget.checked ? [...rest, label] : rest });
            }}
          />
          <bdi>{label}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly chosen: T | null;
  readonly choices: readonly T[];
  readonly onChoose: (choice: T | null) => void;
  /** Whether "none" is no choice. */
  readonly isNeeded?: boolean;
}

function ChoiceField<T extends string>(props: ChoiceProps<T>): VNode {
  const { label, chosen, choices, onChoose, isNeeded = false } = props;
  const { t } = useApp();
  return (
    <label class="field-stacked">
      <span class="quiet">{label}</span>
      <select
        class="select"
        value={chosen ?? ""}
        onChange={(event) => onChoose(oneOf(choices, event.currentTarget.value))}
      >
        {!isNeeded && <option value="">{t("explore.builder-none")}</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}
