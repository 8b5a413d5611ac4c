import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import {
  firstExpression,
  type MetricInfo,
  metadataRequest,
  metricInfos,
  metricNamesRequest,
} from "../data/explore-requests.ts";
import { dataOf, useAnswer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";

/** Names that are listed; typing narrows the rest. */
const MAX_LISTED = 200;

interface Props {
  readonly onChoose: (expression: string) => void;
}

/** All metrics by name, with type, unit and help; a click writes a first expression. */
export function MetricBrowser({ onChoose }: Props): VNode {
  const { t, nowMs, refreshes } = useApp();
  const [query, setQuery] = useState("");
  const turns = { always: refreshes, afterFailure: nowMs };
  const names = useAnswer("metric names", metricNamesRequest(), turns);
  const metadata = dataOf(useAnswer("metric metadata", metadataRequest(), turns));
  const infos = useMemo(
    () => metricInfos(dataOf(names) ?? [], metadata ?? new Map()),
    [names, metadata],
  );
  const found = infos.filter(({ name, help }) =>
    `${name} ${help}`.toLowerCase().includes(query.trim().toLowerCase()),
  );
  return (
    <section class="panel metric-browser">
      <h2 class="panel-title">{t("explore.metrics")}</h2>
      <input
        class="input"
        type="search"
        aria-label={t("explore.find-metric")}
        placeholder={t("explore.find-metric")}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <AnswerView answer={names} what={t("explore.metrics-what")} isPart>
        {() => (
          <>
            <p class="quiet metric-count" role="status">
              {t("explore.metrics-shown", { count: found.length })}
            </p>
            <ul class="metric-list">
              {found.slice(0, MAX_LISTED).map((info) => (
                <MetricItem key={info.name} info={info} onChoose={onChoose} />
              ))}
            </ul>
          </>
        )}
      </AnswerView>
    </section>
  );
}

interface ItemProps extends Props {
  readonly info: MetricInfo;
}

function MetricItem({ info, onChoose }: ItemProps): VNode {
  const { name, type, unit, help } = info;
  const kind = [type, unit].filter((part) => part !== "" && part !== "unknown").join(", ");
  return (
    <li>
      <button
        type="button"
        class="metric-button"
        title={help}
        onClick={() => onChoose(firstExpression(info))}
      >
        <bdi class="metric-name">
          {/* A long name breaks after an underscore rather than in a word. */}
          {name.split(/(?<=_)/).flatMap((part, i) => (i === 0 ? [part] : [<wbr key={i} />, part]))}
        </bdi>
        {kind !== "" && <span class="metric-kind">{kind}</span>}
        {help !== "" && <span class="metric-help">{help}</span>}
      </button>
    </li>
  );
}
