/** Environment variables by name. Passed in everywhere; read from the process in this file only. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process, as they are now. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
