/** Why `parseArgs` refused a command line, in one line: some of its messages give advice on more. */
export function commandLineReason(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return reason.replaceAll(/\s*\n\s*/g, " ");
}
