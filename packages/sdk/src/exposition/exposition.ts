import { HistogramInstrument } from "../metrics/histogram.ts";
import type { Meter } from "../metrics/meter.ts";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { escapedHelp, escapedLabelValue, sampleText } from "./escape-text.ts";
import type { ExpositionFormat } from "./exposition-format.ts";
import { families, type Member, scopeLabels, TYPE_WORDS } from "./families.ts";
import { type PrometheusFamily, prometheusFamily } from "./prometheus-name.ts";
import { histogramText, labelText } from "./series-text.ts";

/** Text is given out in pieces of about this length, so that the caller can pause in between. */
const PIECE_CHARACTERS = 65_536;

/**
 * All metrics as text, piece by piece. Families that two scopes share are written once. A name
 * that two kinds share is written for the first kind only: the format allows no other.
 */
export function* exposition(
  meters: readonly Meter[],
  format: ExpositionFormat,
): Generator<string, void> {
  let piece = "";
  for (const [name, members] of families(meters)) {
    piece += header(name, members, format);
    for (const member of members) {
      for (const line of lines(name, member, format)) {
        piece += line;
        if (piece.length >= PIECE_CHARACTERS) {
          yield piece;
          piece = "";
        }
      }
    }
  }
  if (format === "openmetrics") piece += "# EOF\n";
  yield piece;
}

function header(name: string, members: readonly Member[], format: ExpositionFormat): string {
  const descriptor = members[0]!.instrument.descriptor;
  const family: PrometheusFamily = prometheusFamily(descriptor);
  const isOpen = format === "openmetrics";
  // Plain text names the counter family with its suffix, OpenMetrics without.
  const shown = descriptor.kind === "counter" && !isOpen ? `${name}_total` : name;
  const help = escapedHelp(descriptor.description, isOpen);
  const unit = isOpen && family.unit !== "" ? `# UNIT ${shown} ${family.unit}\n` : "";
  return `# HELP ${shown} ${help}\n# TYPE ${shown} ${TYPE_WORDS[descriptor.kind]}\n${unit}`;
}

function* lines(name: string, member: Member, format: ExpositionFormat): Generator<string> {
  const { instrument, scope } = member;
  const scopePart = scopeText(scope);
  if (instrument instanceof HistogramInstrument) {
    for (const series of instrument.index.values()) {
      const labels = joined(labelText(series.attributes), scopePart);
      const withExemplars = format === "openmetrics";
      yield histogramText(series, { name, labels, withExemplars });
    }
    return;
  }
  const shown = instrument.descriptor.kind === "counter" ? `${name}_total` : name;
  for (const series of instrument.index.values()) {
    if (Number.isNaN(series.value)) continue;
    const labels = joined(labelText(series.attributes), scopePart);
    yield `${shown}${labels === "" ? "" : `{${labels}}`} ${sampleText(series.value)}\n`;
  }
}

function scopeText(scope: TelemetryScope): string {
  const labels = scopeLabels(scope);
  let text = "";
  for (let i = 0; i < labels.length; i += 2) {
    text += `${i === 0 ? "" : ","}${labels[i]}="${escapedLabelValue(labels[i + 1]!)}"`;
  }
  return text;
}

function joined(first: string, second: string): string {
  return first === "" || second === "" ? first + second : `${first},${second}`;
}
