import {
  compareLabels,
  type LabelledSeries,
  type Labels,
  labelsFromPairs,
  labelsKey,
  labelValue,
  type Matcher,
  METRIC_NAME,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import { compileMatcher, type SelectionEstimate } from "@avx/promql";
import {
  arrays,
  floatData,
  floats,
  int32Data,
  stringMaps,
  uint32s,
} from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import type { AcceptanceOptions } from "../../head/acceptance.ts";
import { columnsWithin } from "../../head/columns-within.ts";
import { mergeColumns } from "../../head/merge-columns.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import type { Tombstones } from "../deletion/tombstones.ts";
import { BUCKET_MS } from "./rollup.ts";
import { isDeletedBucket } from "./rollup-cleaning.ts";
import { ROLLUP_ARRAYS } from "./rollup-schema.ts";

/** Series of one answer: each is looked up in the engine, not in memory. */
const MAX_SERIES = 20_000;

/** What an answer says that has such samples. */
export const ROLLUP_REMARK =
  "answered in part from 5-minute roll-ups: times older than the retention have the first and the last sample of every 5 minutes";

/** What a reader asks of. */
export interface RollupReaderParts {
  readonly engine: Engine;
  readonly tombstones: () => Tombstones;
}

/**
 * Samples of times whose raw samples have expired: the first and the last sample of every 5 minutes,
 * with their own times. Series of that time need not be in memory any more.
 */
export class RollupReader {
  readonly #parts: RollupReaderParts;

  constructor(parts: RollupReaderParts) {
    this.#parts = parts;
  }

  /** Series with at least one sample within the range, sorted by labels. */
  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    const labelsOfId = await this.#series(matchers, range);
    if (labelsOfId.size === 0) return [];
    const answer = await this.#parts.engine.queryBulk(
      `SELECT series, toFloat64(block) AS blockMs, cut, CAST(buckets, 'Array(Int32)') AS bucket,
         CAST(firstOffsets, 'Array(Int32)') AS firstOffset, firsts AS first,
         CAST(lastOffsets, 'Array(Int32)') AS lastOffset, lasts AS last
       FROM (
         SELECT series, block, cut, ${ROLLUP_ARRAYS} FROM avx.rollups
         WHERE ${WITHIN} AND series IN {ids:Array(UInt32)}
       )
       ORDER BY series, block, cut DESC LIMIT 1 BY series, block`,
      { ...rangeParameters(matchers, range), ids: [...labelsOfId.keys()] },
      signal,
    );
    const parts = new Map<string, { labels: Labels; columns: SampleColumns[] }>();
    for (const block of answer) {
      for (const { seriesId, columns } of readRows(block, this.#parts.tombstones())) {
        const labels = labelsOfId.get(seriesId);
        const within = columnsWithin(columns, range);
        if (!labels || !within) continue;
        const known = parts.get(labelsKey(labels));
        if (known) known.columns.push(within);
        else parts.set(labelsKey(labels), { labels, columns: [within] });
      }
    }
    return [...parts.values()]
      .map(({ labels, columns }) => ({ labels, ...mergeColumns(columns) }))
      .sort((a, b) => compareLabels(a.labels, b.labels));
  }

  /** A forgotten series that came back has a further id, so several ids may have the same labels. */
  async #series(matchers: readonly Matcher[], range: TimeRange): Promise<Map<number, Labels>> {
    const answer = await this.#parts.engine.query(
      `SELECT id, labels FROM avx.series WHERE id IN (
         SELECT series FROM avx.rollups WHERE ${WITHIN})`,
      rangeParameters(matchers, range),
    );
    const tests = matchers.map((matcher) => ({
      name: matcher.name,
      test: compileMatcher(matcher),
    }));
    const found = new Map<number, Labels>();
    for (const block of answer) {
      const ids = uint32s(block, "id");
      const labelsOf = stringMaps(block, "labels");
      for (let row = 0; row < block.rows && found.size < MAX_SERIES; row++) {
        const labels = labelsFromPairs(labelsOf(row));
        const isAsked = tests.every(({ name, test }) => test(labelValue(labels, name)));
        if (isAsked) found.set(ids[row]!, labels);
      }
    }
    return found;
  }

  /** An upper bound: all series of the metric count. */
  async estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate> {
    const [answer] = await this.#parts.engine.query(
      `SELECT toFloat64(uniq(series)) AS series, toFloat64(2 * sum(length(bucket))) AS samples
       FROM avx.rollups WHERE ${WITHIN}`,
      rangeParameters(matchers, range),
    );
    if (!answer) return { series: 0, samples: 0 };
    return { series: floats(answer, "series")[0] ?? 0, samples: floats(answer, "samples")[0] ?? 0 };
  }

  /** Label sets of series with a roll-up within the range; the same set may be there twice. */
  async labels(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]> {
    return [...(await this.#series(matchers, range)).values()];
  }

  /** Series ids with a roll-up within the range that match, for deletion. */
  async ids(matchers: readonly Matcher[], range: TimeRange): Promise<readonly number[]> {
    return [...(await this.#series(matchers, range)).keys()];
  }
}

/** The part of a range whose raw samples have expired; `undefined` when there is none. */
export function expiredPart(
  { startMs, endMs }: TimeRange,
  { retentionMs, nowMs }: Pick<AcceptanceOptions, "retentionMs" | "nowMs">,
): TimeRange | undefined {
  if (retentionMs === "off") return undefined;
  const untilMs = Math.ceil(nowMs() - retentionMs) - 1;
  return startMs <= untilMs ? { startMs, endMs: Math.min(endMs, untilMs) } : undefined;
}

const WITHIN = `block > {afterMs:Int64} AND block <= {untilMs:Int64}
  AND ({metric:String} = '' OR metric = {metric:String})`;

/** Bounds of what can be the time of a sample, with room for a block. */
const FARTHEST_MS = 8.64e15;

function rangeParameters(matchers: readonly Matcher[], { startMs, endMs }: TimeRange) {
  const name = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.op === "=");
  return {
    metric: name?.value ?? "",
    afterMs: Math.floor(Math.max(startMs, -FARTHEST_MS)) - BLOCK_MS,
    untilMs: Math.ceil(Math.min(endMs, FARTHEST_MS)),
  };
}

interface FoundRow {
  readonly seriesId: number;
  readonly columns: SampleColumns;
}

function* readRows(block: NativeBlock, tombstones: Tombstones): Generator<FoundRow> {
  const ids = uint32s(block, "series");
  const blockMs = floats(block, "blockMs");
  const cuts = uint32s(block, "cut");
  const { ends, items } = arrays(block, "bucket");
  const buckets = int32Data(items, "bucket");
  const integers = (name: string): Int32Array => int32Data(arrays(block, name).items, name);
  const numbers = (name: string): Float64Array => floatData(arrays(block, name).items, name);
  const sides = [
    { offsets: integers("firstOffset"), values: numbers("first") },
    { offsets: integers("lastOffset"), values: numbers("last") },
  ] as const;
  for (let row = 0; row < block.rows; row++) {
    const seriesId = ids[row]!;
    const startMs = blockMs[row]!;
    const timesMs: number[] = [];
    const values: number[] = [];
    for (let i = row === 0 ? 0 : ends[row - 1]!; i < ends[row]!; i++) {
      const bucket = { startMs: startMs + buckets[i]! * BUCKET_MS, cut: cuts[row]! };
      if (isDeletedBucket(tombstones, seriesId, bucket)) continue;
      for (const side of sides) {
        const timeMs = startMs + side.offsets[i]!;
        if (timeMs === timesMs.at(-1)) continue;
        timesMs.push(timeMs);
        values.push(side.values[i]!);
      }
    }
    const columns = {
      timestampsMs: Float64Array.from(timesMs),
      values: Float64Array.from(values),
    };
    yield { seriesId, columns };
  }
}
