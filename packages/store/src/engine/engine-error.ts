import { AvxError } from "@avx/model";
import { MAX_EXECUTION_SECONDS } from "./engine-config.ts";

/** Error numbers of ClickHouse (src/Common/ErrorCodes.cpp). */
const TIMEOUT_EXCEEDED = 159;
const QUERY_WAS_CANCELLED = 394;
const MEMORY_LIMIT_EXCEEDED = 241;
const NOT_ENOUGH_SPACE = 243;

/** How soon a caller may try again while the engine restarts. */
const RETRY_AFTER_SECONDS = 2;

/** The typed error for what the engine said. SQL and stack traces stay in the cause. */
export function engineError(message: string, code: number): AvxError {
  const cause = new Error(message);
  if (code === TIMEOUT_EXCEEDED) {
    return new AvxError("query_timeout", { timeoutMs: MAX_EXECUTION_SECONDS * 1000 }, { cause });
  }
  if (code === QUERY_WAS_CANCELLED) return new AvxError("query_canceled", {}, { cause });
  if (code === MEMORY_LIMIT_EXCEEDED) {
    const reason = "the query needs more memory than one query may have";
    return new AvxError("query_failed", { reason }, { cause });
  }
  if (code === NOT_ENOUGH_SPACE || /No space left on device|errno: 28\b/.test(message)) {
    return new AvxError("storage_full", { reason: "the engine cannot write" }, { cause });
  }
  return new AvxError("internal", { engineCode: code }, { cause });
}

/** For requests while no engine runs. */
export function engineUnavailable(reason: string): AvxError {
  return new AvxError("store_unavailable", { reason, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
