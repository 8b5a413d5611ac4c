import type { SignalQuality } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { qualityRequest } from "../data/anomaly-requests.ts";
import { useAnswer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { SIGNAL_KEYS } from "./service-reason.ts";

/** Quality is of a quarter of an hour: it hardly moves in less. */
const ASK_EVERY_MS = 15_000;
const DIMENSIONS = [
  { key: "accuracy", name: "quality.accuracy", low: "quality.low-accuracy" },
  { key: "completeness", name: "quality.completeness", low: "quality.low-completeness" },
  { key: "consistency", name: "quality.consistency", low: "quality.low-consistency" },
  { key: "validity", name: "quality.validity", low: "quality.low-validity" },
] as const;

/** How far the samples of a service can be trusted, and what lowers that. */
export function QualityPanel({ service }: { readonly service: string }): VNode {
  const { t, format, nowMs, refreshes } = useApp();
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  const answer = useAnswer(`quality ${service}`, qualityRequest(service), turns);
  return (
    <section class="panel panel-traces">
      <h2 class="panel-title">{t("quality.title")}</h2>
      <AnswerView answer={answer} what={t("quality.what")} isPart>
        {({ signals, spanMs }) =>
          signals.length === 0 ? (
            <p class="quiet">{t("quality.empty")}</p>
          ) : (
            <QualityTable
              caption={t("quality.caption", { service, length: format.length(spanMs) })}
              signals={signals}
            />
          )
        }
      </AnswerView>
    </section>
  );
}

interface TableProps {
  readonly caption: string;
  readonly signals: readonly SignalQuality[];
}

function QualityTable({ caption, signals }: TableProps): VNode {
  const { t, format } = useApp();
  return (
    <div class="table-frame">
      <table class="table cards">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("quality.title")}</th>
            <th scope="col" class="number">
              {t("quality.overall")}
            </th>
            {DIMENSIONS.map(({ key, name }) => (
              <th key={key} scope="col" class="number">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signals.map((quality) => (
            <tr key={quality.signal}>
              <th scope="row" class="cell-name">
                {t(SIGNAL_KEYS[quality.signal])}
                <LoweredBy quality={quality} />
              </th>
              <td class="number" data-label={t("quality.overall")}>
                {format.quantity(quality.overall, "ratio")}
              </td>
              {DIMENSIONS.map(({ key, name }) => (
                <td key={key} class="number" data-label={t(name)}>
                  {format.quantity(quality[key], "ratio")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LoweredBy({ quality }: { readonly quality: SignalQuality }): VNode {
  const { t, format } = useApp();
  const lowered = DIMENSIONS.filter(({ key }) => quality[key] < 1).map(({ key, low }) =>
    t(low, { share: format.quantity(1 - quality[key], "ratio") }),
  );
  return <p class="detail">{lowered.length === 0 ? t("quality.whole") : lowered.join(" · ")}</p>;
}
