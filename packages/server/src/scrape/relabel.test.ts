import { labelsFromRecord, labelsToRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { parseRelabelRules } from "./parse-relabel.ts";
import { relabel } from "./relabel.ts";
import { parseYaml } from "./yaml-section.ts";

const rulesOf = (yaml: string) =>
  parseRelabelRules(parseYaml(`rules:\n${yaml}`, "test.yml"), "rules");
const applied = (labels: Record<string, string>, yaml: string) => {
  const result = relabel(labelsFromRecord(labels), rulesOf(yaml));
  return result && labelsToRecord(result);
};

/** The semantics of Prometheus' configuration page, section relabel_config. */
describe("relabel", () => {
  it.each([
    [
      "replaces with what the groups matched",
      "- {source_labels: [a], regex: 'f(.*)', target_label: d, replacement: 'ch$1-ch$1'}",
      { a: "foo", b: "bar" },
      { a: "foo", b: "bar", d: "choo-choo" },
    ],
    [
      "joins source labels by the separator",
      "- {source_labels: [a, b], separator: '/', target_label: d}",
      { a: "foo", b: "bar" },
      { a: "foo", b: "bar", d: "foo/bar" },
    ],
    [
      "takes an absent source label for empty and ; for the separator",
      "- {source_labels: [a, zz], target_label: d}",
      { a: "x" },
      { a: "x", d: "x;" },
    ],
    [
      "leaves labels alone when the regex does not match the whole value",
      "- {source_labels: [a], regex: 'fo', target_label: a, replacement: 'no'}",
      { a: "foo" },
      { a: "foo" },
    ],
    [
      "removes a label whose replacement is empty",
      "- {source_labels: [a], target_label: b, replacement: ''}",
      { a: "foo", b: "bar" },
      { a: "foo" },
    ],
    [
      "adds a constant without any source label",
      "- {target_label: env, replacement: prod}",
      { a: "foo" },
      { a: "foo", env: "prod" },
    ],
    [
      "names the target label by a group",
      "- {source_labels: [a], regex: '([a-z]+)-(.*)', target_label: '__$1', replacement: '$2'}",
      { a: "some-value" },
      { a: "some-value", __some: "value" },
    ],
    [
      "keeps what matches",
      "- {source_labels: [a], regex: 'f.*', action: keep}",
      { a: "foo" },
      { a: "foo" },
    ],
    [
      "drops what keep does not match",
      "- {source_labels: [a], regex: 'f', action: keep}",
      { a: "foo" },
      undefined,
    ],
    [
      "drops what matches",
      "- {source_labels: [a], regex: '.*o.*', action: drop}",
      { a: "foo" },
      undefined,
    ],
    [
      "runs no rule after a drop",
      "- {source_labels: [a], regex: 'foo', action: drop}\n- {target_label: b, replacement: x}",
      { a: "foo" },
      undefined,
    ],
    [
      "maps label names",
      "- {regex: '__meta_(my.*)', action: labelmap, replacement: '$1'}",
      { __meta_my_bar: "bbb", __meta_your: "y" },
      { __meta_my_bar: "bbb", __meta_your: "y", my_bar: "bbb" },
    ],
    [
      "drops label names",
      "- {regex: '(b.*)', action: labeldrop}",
      { a: "1", b1: "2", b2: "3" },
      { a: "1" },
    ],
    [
      "keeps label names",
      "- {regex: '(b.*)', action: labelkeep}",
      { a: "1", b1: "2" },
      { b1: "2" },
    ],
    [
      "lowers case",
      "- {source_labels: [a], target_label: b, action: lowercase}",
      { a: "FoO" },
      { a: "FoO", b: "foo" },
    ],
    [
      "raises case",
      "- {source_labels: [a], target_label: b, action: uppercase}",
      { a: "FoO" },
      { a: "FoO", b: "FOO" },
    ],
    [
      "keeps equals",
      "- {source_labels: [a], target_label: b, action: keepequal}",
      { a: "1", b: "1" },
      { a: "1", b: "1" },
    ],
    [
      "drops unequals",
      "- {source_labels: [a], target_label: b, action: keepequal}",
      { a: "1", b: "2" },
      undefined,
    ],
    [
      "drops equals",
      "- {source_labels: [a], target_label: b, action: dropequal}",
      { a: "1", b: "1" },
      undefined,
    ],
  ])("%s", (...row) => {
    const [, yaml, labels, expected] = row;
    expect(applied(labels, yaml)).toEqual(expected);
  });

  it("shards as Prometheus does: md5, the last 8 bytes, modulo", () => {
    // Prometheus, model/relabel/relabel_test.go: c "baz" modulo 1000 is 976.
    const yaml = "- {source_labels: [c], target_label: d, action: hashmod, modulus: 1000}";
    expect(applied({ c: "baz" }, yaml)).toEqual({ c: "baz", d: "976" });
  });

  it.each([
    ["- {action: hashmod, target_label: a}", /line 2.*modulus/],
    ["- {source_labels: [a], action: replace}", /line 2.*target_label/],
    ["- {source_labels: [a], regex: '(', target_label: b}", /line 2.*regex/],
    ["- {action: vanish}", /line 2.*action "vanish"/],
    ["- {regex: a, action: labeldrop, target_label: b}", /target_label has no meaning/],
    [
      "- {source_labels: [a], target_label: b, regex: c, action: keepequal}",
      /regex has no meaning/,
    ],
    ["- {source_labels: a, target_label: b}", /source_labels must be a list/],
  ])("refuses %s", (yaml, message) => {
    expect(() => rulesOf(yaml)).toThrow(message);
  });

  it("stays fast with a regex that backtracks elsewhere", () => {
    const yaml = "- {source_labels: [a], regex: '(a+)+b', action: drop}";
    expect(applied({ a: "a".repeat(4000) }, yaml)).toEqual({ a: "a".repeat(4000) });
  });
});
