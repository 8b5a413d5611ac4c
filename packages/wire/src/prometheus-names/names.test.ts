import { describe, expect, it } from "vitest";
import { formatGoFloat } from "../go-float.ts";
import { prometheusLabelName } from "./label-names.ts";
import { type NameKind, prometheusMetricName } from "./metric-name.ts";
import { unitText, unitWords } from "./units.ts";

describe("prometheusMetricName", () => {
  // Examples of the OpenTelemetry compatibility page and of the semantic conventions.
  it.each<[string, string, NameKind, string]>([
    ["http.server.request.duration", "s", "other", "http_server_request_duration_seconds"],
    ["system.filesystem.usage", "By", "gauge", "system_filesystem_usage_bytes"],
    ["system.network.dropped", "{packets}", "counter", "system_network_dropped_total"],
    ["system.cpu.utilization", "1", "gauge", "system_cpu_utilization_ratio"],
    ["jobs.done", "1", "counter", "jobs_done_total"],
    ["storage.speed", "By/s", "gauge", "storage_speed_bytes_per_second"],
    ["fans", "{rotations}/m", "gauge", "fans_per_minute"],
    ["memory.bytes.free", "By", "gauge", "memory_bytes_free"],
    ["total.requests", "", "counter", "requests_total"],
    ["requests_total", "{request}", "counter", "requests_total"],
    ["disk.temperature", "Cel", "gauge", "disk_temperature_celsius"],
    ["odd..name__x", "foo-bar", "gauge", "odd_name_x_foo_bar"],
    ["404.errors", "", "other", "_404_errors"],
    ["job:requests:rate5m", "", "gauge", "job:requests:rate5m"],
    ["latência", "ms", "other", "lat_ncia_milliseconds"],
  ])("turns %s in %j (%s) into %s", (...[name, unit, kind, expected]) => {
    expect(prometheusMetricName({ name, unit, units: unitWords(unit), kind }, false)).toBe(
      expected,
    );
  });

  it.each<[string, string, NameKind, string]>([
    ["http.server.request.duration", "s", "other", "http.server.request.duration_seconds"],
    ["http.requests.total", "", "counter", "http.requests_total"],
    ["latência", "1", "gauge", "latência_ratio"],
  ])("keeps UTF-8 on request: %s in %j (%s) is %s", (...[name, unit, kind, expected]) => {
    expect(prometheusMetricName({ name, unit, units: unitWords(unit), kind }, true)).toBe(expected);
  });
});

describe("unitText", () => {
  it.each([
    ["By/s", "bytes_per_second"],
    ["1", ""],
    ["{request}", ""],
    ["{request}/s", "per_second"],
    ["furlong/fortnight", "furlong_per_fortnight"],
    ["", ""],
  ])("says %j as %j", (unit, text) => {
    expect(unitText(unitWords(unit))).toBe(text);
  });
});

describe("prometheusLabelName", () => {
  it.each([
    ["http.request.method", "http_request_method"],
    ["a..b", "a_b"],
    ["0zone", "key_0zone"],
    ["_private", "key_private"],
    ["__meta.x__", "__meta_x__"],
    ["ação", "a_o"],
  ])("turns %s into %s", (attribute, label) => {
    expect(prometheusLabelName(attribute, false)).toBe(label);
  });

  it("keeps UTF-8 on request", () => {
    expect(prometheusLabelName("ação.x", true)).toBe("ação.x");
  });
});

describe("formatGoFloat", () => {
  // strconv.FormatFloat(v, 'g', -1, 64) with Prometheus' exponent bounds, as in its `le` labels.
  it.each([
    [0.005, "0.005"],
    [1, "1"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [1e21, "1e+21"],
    [1e-128, "1e-128"],
    [100000000, "100000000"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("writes %d as %s", (value, text) => {
    expect(formatGoFloat(value)).toBe(text);
  });
});
