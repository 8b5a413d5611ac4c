import { AvxError } from "@avx/model";
import {
  assertAffordable,
  createQueryEngine,
  DEFAULT_QUERY_LIMITS,
  type QueryCost,
  type QueryEngineOptions,
  type QueryLimits,
  type SampleChanges,
  withStepMemory,
} from "@avx/promql";
import { DEFAULT_ADMISSION, QueryPlaces, withAdmission } from "../api/query-admission.ts";
import {
  type AnswerRequest,
  answersOf,
  type QueryAnswer,
  type QueryAnswers,
} from "../api/query-answer.ts";
import type { Log } from "../self/log.ts";
import { QueryPool } from "./query-pool.ts";

/**
 * What the main thread evaluates itself, in slices: up to some 100 ms. A query that needs more goes
 * to a thread, which costs a copy of what it reads. Samples are no measure, as copying them costs
 * about as much as reading them once; docs/decisions/0004-heavy-queries-have-threads.md has the
 * measurements.
 */
const LIGHT_QUERY: QueryLimits = { ...DEFAULT_QUERY_LIMITS, visits: 15_000_000 };

/** Seconds of work: such queries leave at least one thread to the others. */
const LONG_QUERY_VISITS = 300_000_000;

/** What the answers are made of. */
export interface RoutedAnswersOptions {
  /** As the engine of the main thread has them. */
  readonly engine: QueryEngineOptions & { readonly pause: () => Promise<void> };
  readonly changesSince: (mark: number) => SampleChanges;
  /** Threads for heavy queries; 0: all is evaluated on the main thread. */
  readonly workers: number;
  /** Heap of a thread, MB. */
  readonly heapMb?: number;
  readonly log: Log;
}

/** Answers of the query routes, and the threads behind them. */
export interface RoutedAnswers extends QueryAnswers {
  /** Ends the threads; what they work on fails with `query_canceled`. */
  close(): Promise<void>;
}

/** Light queries are evaluated at once on the main thread, heavy ones on threads of their own. */
export function createRoutedAnswers(options: RoutedAnswersOptions): RoutedAnswers {
  const { engine, changesSince, workers, heapMb, log } = options;
  if (workers === 0) {
    const all = withStepMemory(createQueryEngine(engine), { changesSince });
    return { ...answersOf(withAdmission(all)), close: async () => {} };
  }
  const light = createQueryEngine({ ...engine, limits: LIGHT_QUERY });
  const answers = answersOf(withAdmission(withStepMemory(light, { changesSince })));
  const pool = new QueryPool({
    ...{ reader: engine.reader, changesSince, size: workers, pause: engine.pause, log },
    settings: { experimentalFunctions: engine.experimentalFunctions ?? false },
    ...(heapMb === undefined ? {} : { heapMb }),
  });
  const limits = { ...DEFAULT_ADMISSION, running: workers };
  const places = new QueryPlaces(limits);
  const longPlaces = new QueryPlaces({ ...limits, running: Math.max(1, workers - 1) });

  async function heavy(request: AnswerRequest): Promise<QueryAnswer> {
    const cost = await light.cost(request.query);
    assertAffordable(cost, engine.limits);
    const { signal, timeoutMs = limits.timeoutMs } = request.query;
    const query = { ...request.query, timeoutMs: Math.min(timeoutMs, limits.timeoutMs) };
    const askedMs = performance.now();
    return new Promise((resolve, reject) => {
      const work = async (): Promise<void> => {
        const queuedMs = performance.now() - askedMs;
        const { answer, ended } = pool.ask({ ...request, query, queuedMs });
        answer.then(resolve, reject);
        await ended;
      };
      const inTurn = () => places.hold(signal, work);
      (isLong(cost) ? longPlaces.hold(signal, inTurn) : inTurn()).catch(reject);
    });
  }

  return {
    async answer(request) {
      if (CALLS_OURS.test(request.query.query)) return heavy(request);
      try {
        return await answers.answer(request);
      } catch (error) {
        if (error instanceof AvxError && error.code === "query_limit_exceeded") {
          return heavy(request);
        }
        throw error;
      }
    },
    close: () => pool.close(),
  };
}

/** Forecasts and anomaly scores are long work over few samples. */
const CALLS_OURS = /\bavx_/;

function isLong({ visits }: QueryCost): boolean {
  return visits > LONG_QUERY_VISITS;
}
