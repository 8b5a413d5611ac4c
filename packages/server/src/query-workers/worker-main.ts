/** A worker: evaluates one question at a time with an engine of its own and sends the answer's text. */
import { setPriority } from "node:os";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { createAvxFunctions, createQueryEngine, withStepMemory } from "@avx/promql";
import { type AnswerRequest, evaluateAnswer } from "../api/query-answer.ts";
import { AnswerOutlet } from "./answer-outlet.ts";
import { WORKER_NICENESS } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";
import { RemoteReader } from "./remote-reader.ts";
import { sentError } from "./sent-error.ts";

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function serveQuestions(port: MessagePort, { experimentalFunctions }: WorkerSettings): void {
  const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const reader = new RemoteReader(send);
  const evaluating = createQueryEngine({
    ...{ reader, experimentalFunctions, enableDelayedNameRemoval: true, pause },
    extraFunctions: createAvxFunctions(),
    nowMs: () => performance.now(),
  });
  const changesSince = (mark: number) => reader.changesSince(mark);
  const engine = withStepMemory(evaluating, { changesSince });
  let abort = new AbortController();
  let outlet = new AnswerOutlet({ send, pause });

  async function evaluate({ query, ...rest }: AnswerRequest, signal: AbortSignal): Promise<void> {
    try {
      const answer = await evaluateAnswer(engine, { query: { ...query, signal }, ...rest });
      const { isMatrix, points, pieces } = answer;
      send({ type: "answer", isMatrix, points });
      await outlet.send(pieces, signal);
      send({ type: "done" });
    } catch (error) {
      send({ type: "failed", error: sentError(error) });
    }
  }

  port.on("message", (message: ToWorker) => {
    switch (message.type) {
      case "ask":
        abort = new AbortController();
        outlet = new AnswerOutlet({ send, pause });
        void evaluate(message.request, abort.signal);
        break;
      case "cancel":
        abort.abort();
        break;
      case "taken":
        outlet.taken(message.pieces);
        break;
      default:
        reader.take(message);
    }
  });
}

// Elsewhere than on Linux the priority would be that of the whole process.
if (process.platform === "linux") setPriority(0, WORKER_NICENESS);
// Proof of the `as`: `QueryWorker` is the only one who starts this file.
if (parentPort) serveQuestions(parentPort, workerData as WorkerSettings);
