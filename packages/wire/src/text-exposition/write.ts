import {
  type Labels,
  labelValue,
  METRIC_NAME,
  type MetricMetadata,
  type MetricType,
} from "@avx/model";
import { formatGoFloat } from "../go-float.ts";
import type { ExpositionExemplar, ExpositionSample } from "./exposition.ts";

/** Characters of one chunk: large enough to be cheap, small enough not to hold a whole page. */
const CHUNK_CHARACTERS = 16 * 1024;
const METRIC_NAME_PATTERN = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME_PATTERN = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A metric family; its samples must be those of one format's family, in order. */
export interface ExpositionFamily {
  readonly metadata: MetricMetadata;
  readonly samples: Iterable<ExpositionSample>;
}

/** Content type of `writeTextExposition`. */
export const TEXT_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** Content type of `writeOpenMetrics`. */
export const OPEN_METRICS_CONTENT_TYPE =
  "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Types that the older format has no word for are written as their nearest one. */
const TEXT_TYPES: Readonly<Record<MetricType, string>> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  gaugehistogram: "untyped",
  summary: "summary",
  info: "gauge",
  stateset: "gauge",
  unknown: "untyped",
};

/** Prometheus text 0.0.4, in chunks. Exemplars, units and start times have no place in it. */
export function writeTextExposition(families: Iterable<ExpositionFamily>): Generator<string> {
  return chunks(textLines(families));
}

function* textLines(families: Iterable<ExpositionFamily>): Generator<string> {
  for (const { metadata, samples } of families) {
    const name = quotedName(metadata.name);
    if (metadata.help !== "") yield `# HELP ${name} ${escapeHelp(metadata.help)}\n`;
    yield `# TYPE ${name} ${TEXT_TYPES[metadata.type]}\n`;
    for (const { labels, value, timestampMs } of samples) {
      const time = timestampMs === undefined ? "" : ` ${timestampMs}`;
      yield `${seriesText(labels)} ${formatGoFloat(value)}${time}\n`;
    }
  }
}

/**
 * OpenMetrics 1.0, in chunks, "# EOF" at the end. The family of a counter is named without
 * `_total`, its samples with it.
 */
export function writeOpenMetrics(families: Iterable<ExpositionFamily>): Generator<string> {
  return chunks(openMetricsLines(families));
}

function* openMetricsLines(families: Iterable<ExpositionFamily>): Generator<string> {
  for (const { metadata, samples } of families) {
    const isCounter = metadata.type === "counter";
    const family = isCounter ? metadata.name.replace(/_total$/, "") : metadata.name;
    const name = quotedName(family);
    yield `# TYPE ${name} ${metadata.type}\n`;
    if (metadata.unit !== "" && family.endsWith(`_${metadata.unit}`)) {
      yield `# UNIT ${name} ${metadata.unit}\n`;
    }
    if (metadata.help !== "") {
      yield `# HELP ${name} ${escapeHelp(metadata.help).replaceAll('"', '\\"')}\n`;
    }
    for (const sample of samples) yield openMetricsLine(sample, isCounter);
  }
  yield "# EOF\n";
}

function openMetricsLine(sample: ExpositionSample, isCounter: boolean): string {
  const { labels, value, timestampMs, exemplar } = sample;
  const name = labelValue(labels, METRIC_NAME);
  const suffix = isCounter && !/_(total|created)$/.test(name) ? "_total" : "";
  const time = timestampMs === undefined ? "" : ` ${secondsText(timestampMs)}`;
  const example = exemplar === undefined ? "" : exemplarText(exemplar);
  return `${seriesText(labels, suffix)} ${formatGoFloat(value)}${time}${example}\n`;
}

function exemplarText({ labels, value, timestampMs }: ExpositionExemplar): string {
  const time = timestampMs === undefined ? "" : ` ${secondsText(timestampMs)}`;
  return ` # {${labelTexts(labels).join(",")}} ${formatGoFloat(value)}${time}`;
}

/** `name{label="value"}`; a name of other characters goes into the braces, in quotes. */
function seriesText(labels: Labels, suffix = ""): string {
  const name = labelValue(labels, METRIC_NAME) + suffix;
  const texts = labelTexts(labels);
  if (METRIC_NAME_PATTERN.test(name)) {
    return texts.length === 0 ? name : `${name}{${texts.join(",")}}`;
  }
  return `{${[quotedName(name), ...texts].join(",")}}`;
}

function labelTexts(labels: Labels): string[] {
  const texts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    if (name === METRIC_NAME) continue;
    const written = LABEL_NAME_PATTERN.test(name) ? name : `"${escapeValue(name)}"`;
    texts.push(`${written}="${escapeValue(labels[i + 1]!)}"`);
  }
  return texts;
}

function quotedName(name: string): string {
  return METRIC_NAME_PATTERN.test(name) ? name : `"${escapeValue(name)}"`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

/** OpenMetrics has seconds; three digits keep every millisecond. */
function secondsText(timestampMs: number): string {
  return String(timestampMs / 1000);
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
