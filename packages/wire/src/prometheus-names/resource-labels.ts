import { AVX_CONTEXT_PARTS, type Labels, labelsFromPairs, type Resource } from "@avx/model";
import { attributeText } from "./attribute-text.ts";
import { addAttributeLabels } from "./label-names.ts";

/** The attributes that make `job` and `instance`; `target_info` does not repeat them. */
const IDENTIFYING = ["service.name", "service.namespace", "service.instance.id"];

/** Resource attributes that every series of the resource gets as labels. */
export const PROMOTED_ATTRIBUTES: readonly string[] = [
  "service.name",
  "service.namespace",
  "deployment.environment.name",
  ...AVX_CONTEXT_PARTS.map((part) => `avx.${part}`),
];

/** Predecessor of `deployment.environment.name`, still sent by many; used when that is absent. */
const OLD_ENVIRONMENT = "deployment.environment";

/** What the labels of a resource depend on besides it. */
export interface ResourceOptions {
  readonly labelName: (attribute: string) => string;
  /** Attributes that become labels besides the usual ones. */
  readonly promote: readonly string[];
  /** Whether `target_info` repeats the attributes that make `job` and `instance`. */
  readonly keepIdentifying: boolean;
}

/** The labels that a resource gives to its series. */
export interface ResourceLabels {
  /** Below the attributes of a data point. */
  readonly promoted: readonly (readonly [string, string])[];
  /**
   * `job` and `instance`, above the attributes of a data point; empty when the service is unnamed.
   */
  readonly identity: readonly (readonly [string, string])[];
  /** Makes the labels of `target_info` without its name; undefined when it would say nothing. */
  readonly targetInfo: (() => Labels) | undefined;
}

/**
 * `job` is service.namespace/service.name (or the name alone), `instance` is service.instance.id.
 */
export function resourceLabels(resource: Resource, options: ResourceOptions): ResourceLabels {
  const { labelName, promote } = options;
  const textOf = (key: string) => attributeText(resource.attributes.get(key) ?? null);
  const promoted = [...PROMOTED_ATTRIBUTES, ...promote]
    .map((key) => {
      const isMissing = key === "deployment.environment.name" && textOf(key) === "";
      return [labelName(key), textOf(isMissing ? OLD_ENVIRONMENT : key)] as const;
    })
    .filter(([, text]) => text !== "");
  const name = textOf("service.name");
  const namespace = textOf("service.namespace");
  const instance = textOf("service.instance.id");
  const identity: [string, string][] = [];
  if (name !== "") identity.push(["job", namespace === "" ? name : `${namespace}/${name}`]);
  if (instance !== "") identity.push(["instance", instance]);
  return { promoted, identity, targetInfo: targetInfoLabels(resource, identity, options) };
}

function targetInfoLabels(
  resource: Resource,
  identity: readonly (readonly [string, string])[],
  { labelName, keepIdentifying }: ResourceOptions,
): (() => Labels) | undefined {
  if (identity.length === 0) return undefined;
  const described = new Map(resource.attributes);
  if (!keepIdentifying) for (const key of IDENTIFYING) described.delete(key);
  if (described.size === 0) return undefined;
  return () => {
    const labels = new Map<string, string>();
    addAttributeLabels(labels, described, labelName);
    for (const [label, text] of identity) labels.set(label, text);
    return labelsFromPairs(labels);
  };
}
