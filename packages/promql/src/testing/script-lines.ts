/** Lines of a script, trimmed; comments are empty. */
export interface ScriptLines {
  readonly lines: readonly string[];
  /** Index of the line that is read next. */
  at: number;
}

/** The lines that belong to a command: up to the next empty one. */
export function* blockLines(script: ScriptLines): Generator<string> {
  while (script.at < script.lines.length && script.lines[script.at] !== "") {
    yield script.lines[script.at++]!;
  }
}
