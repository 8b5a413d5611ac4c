import { parentPort } from "node:worker_threads";
import { type FitJob, runFit } from "./run-fit.ts";

/** A thread of the pool: one job after another, each with one answer. */
parentPort?.on("message", (job: FitJob) => {
  try {
    parentPort?.postMessage({ answer: runFit(job) });
  } catch (error) {
    parentPort?.postMessage({ failure: String(error) });
  }
});
