import { type Labels, METRIC_NAME } from "@avx/model";
import type { DataFinding, DataFindingKind } from "../contract.ts";

/** Findings in an answer: what concerns most series comes first. */
const MAX_FINDINGS = 200;
/** Findings held at once; a service with a metric name for each request cannot fill the memory. */
const MAX_HELD = 20_000;

/** Where and what. */
export interface NotedFinding {
  readonly kind: DataFindingKind;
  readonly service: string;
  readonly metric: string;
  readonly amount: number;
  /** One of the series that show it. */
  readonly labels?: Labels;
  /** How many series show it; 1 when absent. */
  readonly series?: number;
}

/** Joins what many series show into one finding of a metric of a service. */
export class FindingList {
  readonly #byKey = new Map<string, DataFinding>();

  /** Adds up; of two clock offsets the larger one stays. */
  note({ kind, service, metric, amount, labels, series = 1 }: NotedFinding): void {
    const key = JSON.stringify([kind, service, metric]);
    const known = this.#byKey.get(key);
    if (!known && this.#byKey.size >= MAX_HELD) return;
    const isOffset = kind === "clock_ahead" || kind === "clock_behind";
    const before = known?.amount ?? 0;
    this.#byKey.set(key, {
      ...{ kind, service, metric },
      series: (known?.series ?? 0) + series,
      amount: isOffset ? Math.max(before, amount) : before + amount,
      example: known?.example ?? (labels ? selectorOf(labels) : ""),
    });
  }

  /** Most series first, then the larger amount. */
  all(): DataFinding[] {
    return [...this.#byKey.values()]
      .sort((a, b) => b.series - a.series || b.amount - a.amount)
      .slice(0, MAX_FINDINGS);
  }
}

/** The selector that finds this series and no other. */
function selectorOf(labels: Labels): string {
  const matchers: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    const isPlain = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
    matchers.push(`${isPlain ? name : JSON.stringify(name)}=${JSON.stringify(labels[i + 1])}`);
  }
  const own = matchers.filter((matcher) => !matcher.startsWith(`${METRIC_NAME}=`));
  const metric = labels[labels.indexOf(METRIC_NAME) + 1] ?? "";
  const isPlain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric);
  return isPlain ? `${metric}{${own.join(",")}}` : `{${matchers.join(",")}}`;
}
