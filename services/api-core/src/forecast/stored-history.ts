import { AvxError } from "@avx/sdk";
import type { TimeSeries } from "@avx/sdk/avx-metrics";

/** A range query that takes longer is not waited for. */
const TIMEOUT_MS = 5000;

/** Samples of one expression, evenly spaced, without the steps that have none. */
export type StoredHistory = (request: HistoryRequest) => Promise<TimeSeries>;

/** A PromQL expression over a time; bounds inclusive, Unix milliseconds. */
export interface HistoryRequest {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly values: readonly [number, string][] }[] };
}

/**
 * Asks the AVX server's `/api/v1/query_range`. No series is an empty history. Throws `bad_query`
 * when the server refuses the expression or it has several series, `upstream_*` when there is no
 * answer.
 */
export function storedHistory(serverUrl: string): StoredHistory {
  return async ({ query, startMs, endMs, stepMs }) => {
    const parameters = new URLSearchParams({
      query,
      start: String(startMs / 1000),
      end: String(endMs / 1000),
      step: String(stepMs / 1000),
    });
    const answer = await ask(`${serverUrl}/api/v1/query_range?${parameters}`, serverUrl);
    if (answer.status !== "success" || answer.data === undefined) {
      throw new AvxError("bad_query", { reason: answer.error ?? "the server refused the query" });
    }
    const { result } = answer.data;
    if (result.length > 1) {
      const reason = `the expression has ${result.length} series; aggregate it to one, as sum() does`;
      throw new AvxError("bad_query", { reason });
    }
    const values = result[0]?.values ?? [];
    return {
      timestampsMs: Float64Array.from(values, ([seconds]) => Math.round(seconds * 1000)),
      values: Float64Array.from(values, ([, text]) => Number(text)),
    };
  };
}

async function ask(url: string, upstream: string): Promise<RangeAnswer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    // Proof of the `as`: the shape is that of the Prometheus HTTP API, checked where it is used.
    return (await response.json()) as RangeAnswer;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "TimeoutError") {
      throw new AvxError("upstream_timeout", { upstream, timeoutMs: TIMEOUT_MS }, { cause });
    }
    throw new AvxError("upstream_unavailable", { upstream, reason: reasonOf(cause) }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "no answer";
  const inner = cause.cause;
  return inner instanceof Error && "code" in inner ? String(inner.code) : cause.message;
}
