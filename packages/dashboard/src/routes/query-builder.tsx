import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { type BuilderQuery, EMPTY_QUERY, writeBuilderQuery } from "../data/builder-query.ts";
import { labelNamesRequest, metricNamesRequest } from "../data/explore-requests.ts";
import { readBuilderQuery } from "../data/read-builder-query.ts";
import { dataOf, useAnswer } from "../data/use-answer.ts";
import { BuilderCall } from "./builder-call.tsx";
import { BuilderMatchers } from "./builder-matchers.tsx";
import { SuggestField } from "./suggest-field.tsx";

interface Props {
  readonly text: string;
  readonly onWrite: (text: string) => void;
}

/**
 * The expression as a form. A change writes PromQL; a text that the form has no field for is left
 * alone, and the form says what it stops at.
 */
export function QueryBuilder({ text, onWrite }: Props): VNode {
  const { t } = useApp();
  // What was chosen last: it may hold a condition without a label, which no text can say.
  const [own, setOwn] = useState<BuilderQuery>(EMPTY_QUERY);
  const reading = useMemo(() => readBuilderQuery(text), [text]);
  if (reading.kind === "unreadable") {
    const { near } = reading;
    return (
      <p class="builder quiet" role="status">
        {near === "" ? t("explore.builder-unfinished") : t("explore.builder-unreadable", { near })}
      </p>
    );
  }
  const isOwn = writeBuilderQuery(own) === text;
  const change = (next: BuilderQuery): void => {
    setOwn(next);
    onWrite(writeBuilderQuery(next));
  };
  return <BuilderForm query={isOwn ? own : reading.query} onChange={change} />;
}

interface FormProps {
  readonly query: BuilderQuery;
  readonly onChange: (query: BuilderQuery) => void;
}

function BuilderForm({ query, onChange }: FormProps): VNode {
  const { t, refreshes, nowMs } = useApp();
  const { metric } = query;
  const turns = { always: 0, afterFailure: nowMs };
  const metrics = dataOf(
    useAnswer("metric names", metricNamesRequest(), { ...turns, always: refreshes }),
  );
  const labels = dataOf(useAnswer(`labels of ${metric}`, labelNamesRequest(metric), turns)) ?? [];
  return (
    <fieldset class="builder" aria-label={t("explore.builder")}>
      <SuggestField
        label={t("explore.builder-metric")}
        value={metric}
        suggestions={metrics ?? []}
        onValue={(next) => onChange({ ...query, metric: next })}
      />
      <BuilderCall query={query} labels={labels} onChange={onChange} />
      <BuilderMatchers
        metric={metric}
        matchers={query.matchers}
        labels={labels}
        onChange={(matchers) => onChange({ ...query, matchers })}
      />
    </fieldset>
  );
}
