import { compareLabels, type Labels, labelsKey, labelValue } from "@avx/model";
import type { AcceptanceOptions } from "../head/acceptance.ts";
import type { Head } from "../head/head.ts";
import {
  browseLabelNames,
  browseLabelValues,
  browseSeries,
  type LabelQuestion,
} from "../head/label-browser.ts";
import { expiredPart, type RollupReader } from "./rollups/rollup-reader.ts";

/** Where series are known. */
export interface LabelAnswerParts extends Pick<AcceptanceOptions, "retentionMs" | "nowMs"> {
  readonly head: Head;
  readonly rollups?: Pick<RollupReader, "labels">;
}

/** The questions of the label browser, over series whose samples have expired but for roll-ups too. */
export class LabelAnswers {
  readonly #parts: LabelAnswerParts;

  constructor(parts: LabelAnswerParts) {
    this.#parts = parts;
  }

  /** Label sets of the series, sorted. */
  async series(question: LabelQuestion): Promise<Labels[]> {
    const older = await this.#older(question);
    const known = browseSeries(this.#parts.head, question);
    if (older.length === 0) return known;
    const byKey = new Map([...older, ...known].map((labels) => [labelsKey(labels), labels]));
    return [...byKey.values()].sort(compareLabels);
  }

  /** Names of the labels that the series have, sorted. */
  async names(question: LabelQuestion): Promise<string[]> {
    const names = new Set<string>();
    for (const labels of await this.#older(question)) {
      for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
    }
    for (const name of browseLabelNames(this.#parts.head, question)) names.add(name);
    return [...names].sort();
  }

  /** Values of one label among the series, sorted. */
  async values(name: string, question: LabelQuestion): Promise<string[]> {
    const values = new Set<string>();
    for (const labels of await this.#older(question)) values.add(labelValue(labels, name));
    for (const value of browseLabelValues(this.#parts.head, name, question)) values.add(value);
    values.delete("");
    return [...values].sort();
  }

  /** Label sets of times older than the retention; the same set may be there twice. */
  async #older({ selectors, range }: LabelQuestion): Promise<Labels[]> {
    const { rollups } = this.#parts;
    const expired = rollups && expiredPart(range, this.#parts);
    if (!expired) return [];
    const asked = selectors.length === 0 ? [[]] : selectors;
    const lists = await Promise.all(asked.map((matchers) => rollups.labels(matchers, expired)));
    return lists.flat();
  }
}
