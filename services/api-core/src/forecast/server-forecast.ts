import { AvxError } from "@avx/sdk";

/** The server tries a dozen models and is waited for no longer than this. */
const TIMEOUT_MS = 10_000;

/** What to forecast; bounds of the history inclusive, Unix milliseconds. */
export interface ForecastRequest {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly steps: number;
}

/** The server's forecast of one series. */
export interface ServerForecast {
  /** What really ran. */
  readonly model: string;
  readonly level: number;
  readonly historySamples: number;
  readonly timestampsMs: readonly number[];
  readonly mean: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** How the same forecast did on the past of the series; null when that is too short. */
  readonly backtest: ServerBacktest | null;
}

/** Ratios; null where one has no value. */
export interface ServerBacktest {
  /** Above 0 is better than repeating the past. */
  readonly skill: number;
  readonly meanAbsolutePercentageError: number | null;
  /** Share of past outcomes that lay within the bounds. */
  readonly coverage: number | null;
}

/** Asks for a forecast. */
export type AskForecast = (request: ForecastRequest) => Promise<ServerForecast>;

type ServerAnswer =
  | ({ readonly kind: "forecast" } & ServerForecast)
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly haveSamples: number;
      readonly neededSamples: number | null;
    }
  | { readonly status: "error"; readonly error: string };

/**
 * Asks the AVX server's `POST /api/avx/forecast`. Throws `insufficient_history` when it needs more
 * samples, `query_failed` when it has another reason not to forecast, `bad_query` when it refuses the
 * expression, `upstream_*` when there is no answer.
 */
export function serverForecast(serverUrl: string): AskForecast {
  return async ({ query, startMs, endMs, stepMs, steps }) => {
    const body = { query, start: startMs / 1000, end: endMs / 1000, stepMs, steps };
    const answer = await ask(`${serverUrl}/api/avx/forecast`, body, serverUrl);
    if ("status" in answer) throw new AvxError("bad_query", { reason: answer.error });
    if (answer.kind === "forecast") return answer;
    const { reason, haveSamples: have, neededSamples: needed } = answer;
    if (reason === "insufficient-history" && needed !== null) {
      throw new AvxError("insufficient_history", { have, needed });
    }
    throw new AvxError("query_failed", { reason: `no forecast: ${reason.replaceAll("-", " ")}` });
  };
}

async function ask(url: string, body: unknown, upstream: string): Promise<ServerAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Proof of the `as`: the shape is that of the server's contract, and all errors have `status`.
    return (await response.json()) as ServerAnswer;
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
