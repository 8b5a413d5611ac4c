import {
  type Attributes,
  type Labels,
  labelsFromPairs,
  labelsKey,
  METRIC_NAME,
  type Resource,
  type Scope,
} from "@avx/model";
import type { OtlpMetric, OtlpPoint } from "../otlp/metric.ts";
import { addAttributeLabels, prometheusLabelName } from "./label-names.ts";
import type { PointLabelCache } from "./point-label-cache.ts";
import { type ResourceLabels, resourceLabels } from "./resource-labels.ts";
import { named } from "./series-sink.ts";

const NO_PARTS = new Float64Array(0);

/** What the labels of all points depend on. */
export interface LabelOptions {
  /** Keep dots and other UTF-8 in names instead of turning them into underscores. */
  readonly keepUtf8: boolean;
  /** Add `otel_scope_name`, `otel_scope_version` and the scope's attributes. */
  readonly scopeLabels: boolean;
  /** Resource attributes that become labels besides the usual ones; none when absent. */
  readonly promote?: readonly string[];
  /** Whether `target_info` repeats what makes `job` and `instance`; not when absent. */
  readonly keepIdentifying?: boolean;
  /** Remembers label sets between requests. */
  readonly labels: PointLabelCache;
}

/** Makes the label sets of a point out of the labels that they have in common. */
type ExpandLabels = (base: Labels, name: string, parts: Float64Array) => Labels[];

/** `parts` are the histogram bounds or summary quantiles that `expand` needs; none by default. */
export type LabelsOfPoint = (
  point: OtlpPoint,
  expand?: ExpandLabels,
  parts?: Float64Array,
) => readonly Labels[];

interface KnownResource {
  readonly labels: ResourceLabels;
  /** Equal for resources that give the same labels. */
  readonly key: string;
}

/** Makes the label sets of a request's points. */
export class PointLabeller {
  readonly #options: LabelOptions;
  readonly #resources = new Map<Resource, KnownResource>();
  readonly #labelNames = new Map<string, string>();

  constructor(options: LabelOptions) {
    this.#options = options;
  }

  /** The label name of an attribute. */
  readonly labelName = (attribute: string): string => {
    const known = this.#labelNames.get(attribute);
    if (known !== undefined) return known;
    const name = prometheusLabelName(attribute, this.#options.keepUtf8);
    this.#labelNames.set(attribute, name);
    return name;
  };

  /** The label sets of the points of one metric, remembered ones or new. */
  forMetric(metric: OtlpMetric, name: string): LabelsOfPoint {
    const { keepUtf8, scopeLabels, labels } = this.#options;
    const resource = this.#resource(metric.resource);
    const scopeKey = scopeLabels ? labelsKey(this.#scopeLabels(metric.scope)) : "";
    const metricKey = `${metric.kind} ${keepUtf8} ${name}\n${scopeKey}\n${resource.key}\n`;
    return ({ attributes }, expand = onlyName, parts = NO_PARTS) =>
      labels.labels({ metricKey, attributes, parts }, () =>
        expand(this.#base(resource.labels, metric.scope, attributes), name, parts),
      );
  }

  /** The labels of a resource's `target_info`, or undefined when it has none. */
  targetInfo(resource: Resource): Labels | undefined {
    const { targetInfo } = this.#resource(resource).labels;
    if (targetInfo === undefined) return undefined;
    const { keepUtf8, keepIdentifying = false } = this.#options;
    const metricKey = `target_info ${keepUtf8} ${keepIdentifying}\n`;
    const { attributes } = resource;
    return this.#options.labels.labels({ metricKey, attributes, parts: NO_PARTS }, () => [
      named(targetInfo(), "target_info"),
    ])[0];
  }

  /**
   * Precedence, low to high: promoted resource attributes, scope, the point's own, job/instance.
   */
  #base({ promoted, identity }: ResourceLabels, scope: Scope, attributes: Attributes): Labels {
    const labels = new Map<string, string>(promoted);
    if (this.#options.scopeLabels) this.#addScope(labels, scope);
    addAttributeLabels(labels, attributes, this.labelName);
    for (const [name, text] of identity) labels.set(name, text);
    labels.delete(METRIC_NAME);
    return labelsFromPairs(labels);
  }

  #scopeLabels(scope: Scope): Labels {
    const labels = new Map<string, string>();
    this.#addScope(labels, scope);
    return labelsFromPairs(labels);
  }

  #addScope(labels: Map<string, string>, scope: Scope): void {
    addAttributeLabels(labels, scope.attributes, (key) => this.labelName(`otel_scope_${key}`));
    labels.set("otel_scope_name", scope.name);
    labels.set("otel_scope_version", scope.version);
  }

  #resource(resource: Resource): KnownResource {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const { promote = [], keepIdentifying = false } = this.#options;
    const options = { labelName: this.labelName, promote, keepIdentifying };
    const labels = resourceLabels(resource, options);
    const { promoted, identity } = labels;
    const key = `${labelsKey(labelsFromPairs(promoted))}\n${labelsKey(labelsFromPairs(identity))}`;
    const made = { labels, key };
    this.#resources.set(resource, made);
    return made;
  }
}

function onlyName(base: Labels, name: string): Labels[] {
  return [named(base, name)];
}
