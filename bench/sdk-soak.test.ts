import { expect, it } from "vitest";
import { soak } from "./sdk-soak.ts";

it("the SDK leaks no context in 20,000 concurrent requests, clients that hang up among them", async () => {
  const result = await soak({ requests: 20_000, hours: 2, minutesAnHour: 2 });
  expect(result).toMatchObject({ strangers: 0, alive: 0, inFlight: 0 });
  expect(result.requests).toBeGreaterThanOrEqual(19_000);
  expect(result.aborted).toBeGreaterThan(20);
  expect(result.watched).toBeGreaterThan(500);
});
