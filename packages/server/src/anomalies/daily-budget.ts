const DAY_MS = 86_400_000;

/** How many findings of each service are shown in any 24 hours. */
export interface DailyBudget {
  /** Counts a finding; false when the budget of its service is spent. */
  spend(service: string, timestampMs: number): boolean;
}

/** A budget of which nothing is spent. */
export function createDailyBudget(findingsPerDay: number): DailyBudget {
  const spent = new Map<string, number[]>();
  return {
    spend(service, timestampMs) {
      const sinceMs = timestampMs - DAY_MS;
      const recent = (spent.get(service) ?? []).filter((timeMs) => timeMs > sinceMs);
      spent.set(service, recent);
      if (recent.length >= findingsPerDay) return false;
      recent.push(timestampMs);
      return true;
    },
  };
}
