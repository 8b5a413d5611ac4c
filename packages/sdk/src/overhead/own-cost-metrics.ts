import type { Meter } from "../metrics/meter.ts";
import type { OwnCost } from "./own-cost.ts";

/** Shows what the SDK costs. */
export function observeOwnCost(meter: Meter, cost: OwnCost): void {
  meter
    .createObservableGauge("avx.sdk.overhead.request.time", {
      description: "Estimated time that the SDK spends in one request of a server.",
      unit: "s",
    })
    .addCallback((result) => result.observe(cost.requestMs / 1000));
  meter
    .createObservableGauge("avx.sdk.overhead.cpu.utilization", {
      description: "Estimated share of one core that the SDK uses in requests and for encoding.",
      unit: "1",
    })
    .addCallback((result) => {
      cost.look();
      result.observe(cost.utilization);
    });
  meter
    .createObservableGauge("avx.sdk.overhead.shed.level", {
      description: "0 nothing is shed, 1 to 4 sampling is halved so often, 5 attributes too.",
      unit: "1",
    })
    .addCallback((result) => result.observe(cost.level));
}
