import type { Environment } from "../environment.ts";
import { OWN_SCOPE } from "../exposition/families.ts";
import type { View } from "../metrics/views/view.ts";

/** Metrics of the process that the conventions have renamed, by their names of today. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  "process.unix.file_descriptor.count": "process.open_file_descriptor.count",
  "v8js.memory.heap.space.size": "v8js.memory.heap.limit",
  "v8js.memory.heap.space.available_size": "v8js.heap.space.available_size",
  "v8js.memory.heap.space.physical_size": "v8js.heap.space.physical_size",
};

/**
 * Reads `OTEL_SEMCONV_STABILITY_OPT_IN`: `runtime/dup` gives metrics of the process under their old
 * names too, `runtime/old` under these alone. Both words are ours, after those of HTTP. The views to
 * do it, none without either.
 */
export function runtimeNameViews(environment: Environment): View[] {
  const words = (environment["OTEL_SEMCONV_STABILITY_OPT_IN"] ?? "").toLowerCase().split(",");
  const chosen = new Set(words.map((word) => word.trim()));
  const isDouble = chosen.has("runtime/dup");
  if (!isDouble && !chosen.has("runtime/old")) return [];
  return Object.entries(OLD_NAMES).flatMap(([instrumentName, name]) => {
    const one = { instrumentName, meterName: OWN_SCOPE };
    return isDouble ? [one, { ...one, name }] : [{ ...one, name }];
  });
}
