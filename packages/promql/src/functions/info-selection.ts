import { type Labels, labelValue, type Matcher, METRIC_NAME, type TimeRange } from "@avx/model";
import type { PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { lastStepMs } from "../evaluator/steps.ts";
import { compileMatcher } from "../matching/compile-matcher.ts";

/** The labels that say which target a series belongs to. */
export const IDENTIFYING_LABELS = ["instance", "job"] as const;

const TARGET_INFO: Matcher = { name: METRIC_NAME, op: "=", value: "target_info" };
const ANY_INFO: Matcher = { name: METRIC_NAME, op: "=~", value: ".+_info" };

/** What the optional second argument of `info` asks for. */
export interface InfoMatchers {
  /** Which metrics count as info metrics. */
  readonly names: readonly Matcher[];
  /** Conditions on data labels, by label; when any, only these labels are added. */
  readonly data: ReadonlyMap<string, readonly Matcher[]>;
}

/** Reads the label selector of `info`; without one, `target_info` gives all its labels. */
export function infoMatchers(selector: PlanNode | undefined): InfoMatchers {
  if (selector?.kind !== "selector") return { names: [TARGET_INFO], data: new Map() };
  const names: Matcher[] = [];
  const data = new Map<string, Matcher[]>();
  for (const matcher of selector.selection.matchers) {
    if (matcher.name === METRIC_NAME) names.push(matcher);
    else data.set(matcher.name, [...(data.get(matcher.name) ?? []), matcher]);
  }
  return { names: effectiveNames(names), data };
}

function effectiveNames(names: readonly Matcher[]): readonly Matcher[] {
  if (names.some(({ op }) => op === "=" || op === "=~")) return names;
  return names.length > 0 ? [ANY_INFO, ...names] : [TARGET_INFO];
}

/** A test for series that are info metrics themselves and are not enriched. */
export function isInfoMetric({ names }: InfoMatchers): (labels: Labels) => boolean {
  const tests = names.map(compileMatcher);
  return (labels) => {
    const name = labelValue(labels, METRIC_NAME);
    return tests.every((test) => test(name));
  };
}

/** The matchers that fetch the info series of these targets; undefined when none can match. */
export function matchersForTargets(
  targets: readonly Labels[],
  { names, data }: InfoMatchers,
): readonly Matcher[] | undefined {
  const identifying: Matcher[] = [];
  for (const name of IDENTIFYING_LABELS) {
    const values = new Set(targets.map((labels) => labelValue(labels, name)));
    values.delete("");
    if (values.size === 0) continue;
    identifying.push({ name, op: "=~", value: [...values].map(quoted).join("|") });
  }
  if (identifying.length === 0) return undefined;
  return [...identifying, ...[...data.values()].flat(), ...names];
}

/** A text as a regex that matches just it. */
function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** The time that info series are looked up at, as the first argument's modifiers fix it. */
export interface InfoTime {
  readonly offsetMs: number;
  readonly atMs?: number;
}

/** `@` and offsets of the first selector in the argument and of the subqueries around it. */
export function infoTime(argument: PlanNode): InfoTime {
  return timeOfFirstSelector(argument) ?? { offsetMs: 0 };
}

function timeOfFirstSelector(node: PlanNode): InfoTime | undefined {
  if (node.kind === "selector" || node.kind === "window") {
    const { offsetMs, atMs } = node.selection;
    return atMs === undefined ? { offsetMs } : { offsetMs, atMs };
  }
  for (const child of children(node)) {
    const found = timeOfFirstSelector(child);
    if (!found) continue;
    if (node.kind !== "subquery" || found.atMs !== undefined) return found;
    const offsetMs = found.offsetMs + node.offsetMs;
    return node.atMs === undefined ? { offsetMs } : { offsetMs, atMs: node.atMs };
  }
  return undefined;
}

function children(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case "call":
      return node.args;
    case "binary":
      return [node.left, node.right];
    case "aggregate":
      return node.param ? [node.inner, node.param] : [node.inner];
    case "invariant":
    case "negate":
    case "subquery":
      return [node.inner];
    default:
      return [];
  }
}

/** The range of sample times that `info` reads. */
export function infoRange({ offsetMs, atMs }: InfoTime, run: QueryRun): TimeRange {
  return {
    startMs: (atMs ?? run.steps.startMs) - offsetMs - run.options.lookbackMs + 1,
    endMs: (atMs ?? lastStepMs(run.steps)) - offsetMs,
  };
}
