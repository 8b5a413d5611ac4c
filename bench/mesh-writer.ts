/**
 * A worker of `dashboard-p99.ts`: writes the last hour of a mesh of services, then plays it on in
 * real time, and fills up with other series to the wanted number of samples a second. Posts the
 * number of samples after each request.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { type LabelledSeries, type Labels, labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";

interface Task {
  readonly url: string;
  readonly services: readonly string[];
  readonly samplesPerSecond: number;
}

const ROUTES = ["/items/{id}", "/items", "/orders", "/orders/{id}", "/ping", "/status"];
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The usual export interval of the mesh. */
const MESH_STEP_MS = 15_000;
const HISTORY_MS = 3_600_000;
const REQUESTS_PER_SECOND = 5;
const SERIES_PER_REQUEST = 400;

/** A series and its value at a time. */
interface Source {
  readonly labels: Labels;
  readonly valueAt: (timeMs: number) => number;
}

/** Counters that grow with the day; a bucket has the share of requests that its bound covers. */
function meshSources({ services }: Task): Source[] {
  const sources: Source[] = [];
  for (const [s, service_name] of services.entries()) {
    for (const [r, http_route] of ROUTES.entries()) {
      for (const status of ["200", "500"]) {
        const perSecond = (status === "500" ? 0.05 : 4) * (1 + s) * (1 + r);
        const labels = { service_name, http_route, http_request_method: "GET" };
        const own = { ...labels, http_response_status_code: status };
        const requests = (timeMs: number) =>
          Math.floor(((timeMs % 86_400_000) / 1000) * perSecond + 20 * Math.sin(timeMs / 60_000));
        const name = "http_server_request_duration_seconds";
        const add = (part: Record<string, string>, share: number) =>
          sources.push({
            labels: labelsFromRecord({ ...own, ...part }),
            valueAt: (timeMs) => Math.floor(requests(timeMs) * share),
          });
        add({ __name__: `${name}_count` }, 1);
        add({ __name__: `${name}_sum` }, 0.04);
        for (const bound of BOUNDS) {
          add({ __name__: `${name}_bucket`, le: `${bound}` }, 1 - Math.exp(-bound / 0.04));
        }
        add({ __name__: `${name}_bucket`, le: "+Inf" }, 1);
      }
    }
    sources.push({
      labels: labelsFromRecord({ __name__: "nodejs_eventloop_utilization_ratio", service_name }),
      valueAt: (timeMs) => 0.3 + 0.2 * Math.sin(timeMs / 100_000 + s),
    });
  }
  return sources;
}

/** What other programs send: gauges that nobody looks at now. */
function otherSources(count: number): Source[] {
  return Array.from({ length: count }, (_, i) => ({
    labels: labelsFromRecord({ __name__: `other_${i % 50}`, pod: `pod-${i % 400}`, n: `${i}` }),
    valueAt: (timeMs) => Math.sin(timeMs / 50_000 + i),
  }));
}

function columnsAt({ labels, valueAt }: Source, timesMs: readonly number[]): LabelledSeries {
  const values = Float64Array.from(timesMs, valueAt);
  return { labels, timestampsMs: Float64Array.from(timesMs), values };
}

async function write(url: string, sources: readonly Source[], timesMs: number[]): Promise<void> {
  const series = sources.map((source) => columnsAt(source, timesMs));
  const body = snappyEncode(encodeWriteRequest({ series, metadata: [], exemplars: [] }));
  const reply = await fetch(`${url}/api/v1/write`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf", "content-encoding": "snappy" },
    body: Buffer.from(body),
  });
  if (!reply.ok) throw new Error(`write: ${reply.status} ${await reply.text()}`);
  parentPort?.postMessage(series.length * timesMs.length);
}

async function play(task: Task): Promise<void> {
  const mesh = meshSources(task);
  const endMs = Math.floor(Date.now() / 1000) * 1000;
  const steps = HISTORY_MS / MESH_STEP_MS;
  const history = Array.from({ length: steps }, (_, i) => endMs - (steps - i) * MESH_STEP_MS);
  for (let i = 0; i < mesh.length; i += SERIES_PER_REQUEST) {
    await write(task.url, mesh.slice(i, i + SERIES_PER_REQUEST), history);
  }
  const meshPerSecond = mesh.length / (MESH_STEP_MS / 1000);
  const others = otherSources(Math.round(task.samplesPerSecond - meshPerSecond));
  for (let tick = 0; ; tick++) {
    const dueMs = endMs + tick * (1000 / REQUESTS_PER_SECOND);
    await sleep(Math.max(0, dueMs - Date.now()));
    const size = Math.ceil(others.length / REQUESTS_PER_SECOND);
    const from = (tick % REQUESTS_PER_SECOND) * size;
    await write(task.url, others.slice(from, from + size), [dueMs]);
    if (tick % (REQUESTS_PER_SECOND * (MESH_STEP_MS / 1000)) === 0) {
      await write(task.url, mesh, [dueMs]);
    }
  }
}

// Proof of the `as`: dashboard-p99.ts is the only one who starts this worker.
await play(workerData as Task);
