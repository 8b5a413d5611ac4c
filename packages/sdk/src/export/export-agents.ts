/** Agents whose requests carry telemetry: observing them would make telemetry without end. */
const agents = new WeakSet<object>();

/** Marks an agent as the SDK's own. */
export function markExportAgent<T extends object>(agent: T): T {
  agents.add(agent);
  return agent;
}

/** Whether requests of this agent are the SDK's own. */
export function isExportAgent(agent: unknown): boolean {
  return typeof agent === "object" && agent !== null && agents.has(agent);
}
