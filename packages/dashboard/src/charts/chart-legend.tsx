import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { Magnitude } from "../format/units.ts";
import { cutMiddle } from "./cut-middle.ts";
import { LineSample } from "./line-sample.tsx";
import { highestIndex, lastValue, type PlotModel } from "./plot-model.ts";

/** Longest name in a legend; it is cut in the middle, as both ends tell names apart. */
const MAX_NAME_CHARS = 44;

interface Props {
  readonly model: PlotModel;
  readonly magnitude: Magnitude;
  readonly shown: ReadonlySet<string> | null;
  readonly onShow: (shown: ReadonlySet<string> | null) => void;
  readonly onFocus: (key: string | null) => void;
}

/**
 * The lines of a chart as buttons with their last and highest value. A click shows only that line,
 * again all; with shift it shows or hides that one.
 */
export function ChartLegend({ model, magnitude, shown, onShow, onFocus }: Props): VNode {
  const { t, format } = useApp();
  const lines = model.series.filter(({ forecastOf }) => forecastOf === undefined);
  const keys = lines.map(({ key }) => key);
  const choose = (key: string, toggle: boolean): void =>
    onShow(toggle ? toggled(keys, shown, key) : isolated(shown, key));
  return (
    <fieldset class="legend" aria-label={t("chart.legend", { title: model.title })}>
      {lines.map(({ key, name, values, style }) => (
        <button
          key={key}
          type="button"
          class="legend-entry"
          aria-pressed={shown === null || shown.has(key)}
          title={name}
          onClick={(event) => choose(key, event.shiftKey)}
          onMouseEnter={() => onFocus(key)}
          onMouseLeave={() => onFocus(null)}
          onFocus={() => onFocus(key)}
          onBlur={() => onFocus(null)}
        >
          <LineSample style={style} />
          <span class="legend-name">{cutMiddle(name, MAX_NAME_CHARS)}</span>
          <span class="legend-value">
            <span class="visually-hidden">{t("chart.last")} </span>
            <b class="number">{format.scaled(lastValue(values), magnitude)}</b>
          </span>
          <span class="legend-value">
            {t("chart.max")}{" "}
            <b class="number">{format.scaled(values[highestIndex(values)] ?? null, magnitude)}</b>
          </span>
          <ForecastValue of={key} model={model} magnitude={magnitude} />
        </button>
      ))}
    </fieldset>
  );
}

type ForecastProps = Pick<Props, "model" | "magnitude"> & { readonly of: string };

/** Where the forecast of a line ends, when it has one. */
function ForecastValue({ of, model, magnitude }: ForecastProps): VNode | null {
  const { t, format } = useApp();
  const mean = model.series.find(({ forecastOf, isBound }) => forecastOf === of && !isBound);
  if (mean === undefined) return null;
  return (
    <span class="legend-value">
      <LineSample style={mean.style} /> {t("chart.fan-end")}{" "}
      <b class="number">{format.scaled(lastValue(mean.values), magnitude)}</b>
    </span>
  );
}

/** Only `key`; all again when it was alone already. */
function isolated(shown: ReadonlySet<string> | null, key: string): ReadonlySet<string> | null {
  return shown?.size === 1 && shown.has(key) ? null : new Set([key]);
}

/** `key` shown or hidden; all when none or every one would remain. */
function toggled(
  keys: readonly string[],
  shown: ReadonlySet<string> | null,
  key: string,
): ReadonlySet<string> | null {
  const next = new Set(shown ?? keys);
  if (!next.delete(key)) next.add(key);
  return next.size === 0 || next.size === keys.length ? null : next;
}
