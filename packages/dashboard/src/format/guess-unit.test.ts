import { describe, expect, it } from "vitest";
import { guessUnit } from "./guess-unit.ts";

describe("guessUnit", () => {
  it.each([
    ["process_memory_usage_bytes", "By"],
    ["rate(http_server_response_body_size_bytes_sum[1m])", "By/s"],
    ["nodejs_eventloop_utilization_ratio", "ratio"],
    ["nodejs_eventloop_delay_p99_seconds", "s"],
    [
      "histogram_quantile(0.9, sum by (le) (rate(http_server_request_duration_seconds_bucket[1m])))",
      "s",
    ],
    ["rate(process_cpu_time_seconds_total[1m])", "ratio"],
    ["sum(rate(http_server_request_duration_seconds_count[1m]))", "1/s"],
    ["http_server_active_requests", "1"],
    ["", "1"],
  ] as const)("of %s is %s", (expression, unit) => {
    expect(guessUnit(expression)).toBe(unit);
  });
});
