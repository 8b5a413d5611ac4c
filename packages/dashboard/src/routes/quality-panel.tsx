import type { ChartedQuality } from "@avx/server/contract";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { controlModel } from "../charts/control-chart.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { useQuality } from "../data/quality-request.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import type { Unit } from "../format/units.ts";
import { problemText, QUALITY_DIMENSIONS } from "./quality-words.ts";
import { signalName } from "./signal-name.ts";

const HEIGHT_PX = 150;
const COLUMNS = QUALITY_DIMENSIONS.length + 2;
const UNITS: Readonly<Record<ChartedQuality["signal"], Unit>> = {
  latency: "s",
  traffic: "1/s",
  errors: "ratio",
  saturation: "ratio",
  metric: "1",
};

/** How far the samples of a service can be trusted, and what lowers that. */
export function QualityPanel({ service }: { readonly service: string }): VNode {
  const { t, format } = useApp();
  const answer = useQuality(service);
  return (
    <section class="panel panel-traces">
      <h2 class="panel-title">{t("quality.title")}</h2>
      <AnswerView answer={answer} what={t("quality.what")} isPart>
        {({ signals, spanMs, heldPages }) =>
          signals.length === 0 ? (
            <p class="quiet">{t("quality.empty")}</p>
          ) : (
            <>
              {heldPages > 0 && (
                <p class="quiet">{t("quality.held-pages", { count: heldPages })}</p>
              )}
              <QualityTable
                caption={t("quality.caption", { service, length: format.length(spanMs) })}
                signals={signals}
              />
            </>
          )
        }
      </AnswerView>
    </section>
  );
}

interface TableProps {
  readonly caption: string;
  readonly signals: readonly ChartedQuality[];
}

function QualityTable({ caption, signals }: TableProps): VNode {
  const { t } = useApp();
  return (
    <div class="table-frame quality-frame">
      <table class="table cards">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("quality.title")}</th>
            <th scope="col" class="number">
              {t("quality.overall")}
            </th>
            {QUALITY_DIMENSIONS.map(({ key, name }) => (
              <th key={key} scope="col" class="number">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signals.map((quality) => (
            <SignalRows key={`${quality.signal} ${quality.metric}`} quality={quality} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SignalRows({ quality }: { readonly quality: ChartedQuality }): VNode {
  const app = useApp();
  const { t, format } = app;
  const { chart, problems } = quality;
  const [isShown, setShown] = useState(false);
  const name = signalName(quality, app);
  return (
    <>
      <tr>
        <th scope="row" class="cell-name">
          {name}
          <p class="detail">
            {problems.length === 0
              ? t("quality.whole")
              : problems.map((problem) => problemText(problem, app)).join(" · ")}
          </p>
          {chart !== null && (
            <button
              type="button"
              class="quiet-button"
              aria-expanded={isShown}
              onClick={() => setShown(!isShown)}
            >
              {t("quality.chart")}
              <span class="visually-hidden">: {name}</span>
            </button>
          )}
        </th>
        <td class="number" data-label={t("quality.overall")}>
          {format.quantity(quality.overall, "ratio")}
        </td>
        {QUALITY_DIMENSIONS.map(({ key, name: dimension }) => (
          <td key={key} class="number" data-label={t(dimension)}>
            {format.quantity(quality[key], "ratio")}
          </td>
        ))}
      </tr>
      {chart !== null && isShown && (
        <tr>
          <td class="cell-line" colSpan={COLUMNS}>
            <TimeSeriesChart
              model={controlModel(chart, UNITS[quality.signal], {
                title: t("quality.chart-of", { signal: name }),
                value: t("series.actual"),
                center: t("quality.center"),
                bound: (sigmas) => `${sigmas > 0 ? "+" : "−"}${Math.abs(sigmas)} σ`,
                rule: (number) => t("quality.rule", { number }),
              })}
              heightPx={HEIGHT_PX}
              syncKey="quality"
              note={t("quality.beyond", { count: chart.beyondSixSigma })}
            />
          </td>
        </tr>
      )}
    </>
  );
}
