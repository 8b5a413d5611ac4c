/** How urgent a line is. */
export type LogLevel = "info" | "warn" | "error";

/** Writes one line about the server itself. Facts are shown as they are: never put secrets in. */
export type Log = (
  level: LogLevel,
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

/** Lines to standard output, as JSON or for people. */
export function createLog(format: "pretty" | "json", nowMs: () => number): Log {
  return (level, message, facts = {}) => {
    const time = new Date(nowMs()).toISOString();
    const line =
      format === "json"
        ? JSON.stringify({ time, level, message, ...facts })
        : `${time.slice(11, 19)} ${level.padEnd(5)} ${message}${prettyFacts(facts)}`;
    process.stdout.write(`${line}\n`);
  };
}

function prettyFacts(facts: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return parts.length === 0 ? "" : ` ${parts.join(" ")}`;
}
