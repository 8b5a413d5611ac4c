import { AvxError } from "@avx/model";
import { parseDuration } from "../parser/duration.ts";

/** What is wrong with a test script, and in which line (counted from 1). */
export function scriptError(reason: string, line?: number): AvxError {
  const place = line === undefined ? "" : `line ${line}: `;
  return new AvxError("malformed_payload", { format: "promqltest", reason: `${place}${reason}` });
}

/** A duration of the test language in ms; `0` needs no unit. */
export function scriptDurationMs(text: string): number {
  if (text === "0") return 0;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw scriptError(parsed.reason);
  return parsed.ms;
}
