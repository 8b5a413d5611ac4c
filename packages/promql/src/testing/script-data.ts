import {
  dropLabels,
  type LabelledSeries,
  type Labels,
  labelsKey,
  labelValue,
  METRIC_NAME,
  type NativeHistogram,
  setStaleAt,
  withLabel,
} from "@avx/model";
import { nativeFromClassic } from "../histogram/from-classic.ts";
import { withStoredHints } from "../histogram/stored-hints.ts";
import type { LoadCommand, SequenceValue } from "./script.ts";

type Sample = Exclude<SequenceValue, { readonly kind: "omitted" }>;

/** The samples of one series by time. */
interface StoredSeries {
  readonly labels: Labels;
  readonly samples: Map<number, { readonly sample: Sample; readonly startMs: number }>;
}

/** What the loads of a script have stored so far. */
export interface ScriptData {
  load(command: LoadCommand): void;
  /** All series as storage would return them, counter reset hints included. */
  series(): readonly LabelledSeries[];
}

const CLASSIC_PART = /^(.*)_(bucket|count|sum)$/;
const BUCKET_LABELS: ReadonlySet<string> = new Set(["le"]);

export function createScriptData(): ScriptData {
  const stored = new Map<string, StoredSeries>();

  function put(labels: Labels, timeMs: number, entry: { sample: Sample; startMs: number }): void {
    const key = labelsKey(labels);
    const series = stored.get(key) ?? { labels, samples: new Map() };
    stored.set(key, series);
    series.samples.set(timeMs, entry);
  }

  return {
    load(command) {
      for (const { labels, values, startOffsetsMs } of command.series) {
        values.forEach((value, i) => {
          if (value.kind === "omitted") return;
          const timeMs = i * command.stepMs;
          const offsetMs = startOffsetsMs?.[i];
          const startMs = offsetMs === undefined ? 0 : timeMs + offsetMs;
          put(labels, timeMs, { sample: value, startMs });
        });
      }
      if (!command.withNhcb) return;
      for (const { labels, timeMs, histogram } of convertedHistograms(command)) {
        const sample: Sample = { kind: "histogram", histogram, hintGiven: false };
        put(labels, timeMs, { sample, startMs: 0 });
      }
    },
    series: () => [...stored.values()].map(storedColumns),
  };
}

function storedColumns({ labels, samples }: StoredSeries): LabelledSeries {
  const ordered = [...samples].sort(([a], [b]) => a - b);
  const values = new Float64Array(ordered.length);
  const histograms: (NativeHistogram | undefined)[] = [];
  ordered.forEach(([, { sample }], i) => {
    if (sample.kind === "float") values[i] = sample.value;
    else if (sample.kind === "stale") setStaleAt(values, i);
    histograms.push(sample.kind === "histogram" ? sample.histogram : undefined);
  });
  const starts = Float64Array.from(ordered, ([, { startMs }]) => startMs);
  return {
    labels,
    timestampsMs: Float64Array.from(ordered, ([timeMs]) => timeMs),
    values,
    ...(histograms.some((histogram) => histogram)
      ? { histograms: withStoredHints(histograms) }
      : {}),
    ...(starts.some((startMs) => startMs !== 0) ? { startTimestampsMs: starts } : {}),
  };
}

interface ConvertedHistogram {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly histogram: NativeHistogram;
}

interface Parts {
  readonly buckets: Map<number, number>;
  count?: number;
  sum?: number;
}

/** The classic histograms of a load as native ones with custom buckets. */
function convertedHistograms({ series, stepMs }: LoadCommand): readonly ConvertedHistogram[] {
  const found = new Map<string, { readonly labels: Labels; readonly parts: Map<number, Parts> }>();
  for (const { labels, values } of series) {
    const [, name, part] = CLASSIC_PART.exec(labelValue(labels, METRIC_NAME)) ?? [];
    if (name === undefined || part === undefined) continue;
    const upper = boundOf(labelValue(labels, "le"));
    if (part === "bucket" && Number.isNaN(upper)) continue;
    const base = withLabel(dropLabels(labels, BUCKET_LABELS), METRIC_NAME, name);
    const key = labelsKey(base);
    const histogram = found.get(key) ?? { labels: base, parts: new Map<number, Parts>() };
    found.set(key, histogram);
    values.forEach((value, i) => {
      const number = numberOf(value);
      if (number === undefined) return;
      const parts: Parts = histogram.parts.get(i * stepMs) ?? { buckets: new Map() };
      histogram.parts.set(i * stepMs, parts);
      if (part === "bucket") parts.buckets.set(upper, number);
      else parts[part === "count" ? "count" : "sum"] = number;
    });
  }
  return [...found.values()].flatMap(({ labels, parts }) =>
    [...parts].map(([timeMs, one]) => ({ labels, timeMs, histogram: nativeFromClassic(one) })),
  );
}

function numberOf(value: SequenceValue): number | undefined {
  if (value.kind === "float") return value.value;
  return value.kind === "stale" ? Number.NaN : undefined;
}

function boundOf(text: string): number {
  if (text === "") return Number.NaN;
  return /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}
