/**
 * 24 hours of a traced service in some minutes: a million requests over real sockets, 694 in every
 * minute that is told, and each minute an export of all three signals. Counts the contexts that leak:
 * those of another request that a handler sees after its awaits, and requests and spans that the
 * collector cannot take when they have ended. Prints one JSON line; the exit code is 1 when anything leaked.
 *
 *   node bench/sdk-soak.ts [--requests=1000000]
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { initTelemetry, type Telemetry, traceFields } from "@avx/sdk";

const HOURS = 24;
const MINUTES_AN_HOUR = 60;
const CONNECTIONS = 32;
/** Of so many requests one is given up by its client while the handler waits. */
const ABORT_EVERY = 500;
/** Of so many requests one is watched, and a span in it. */
const WATCH_EVERY = 50;
/** The first hours fill queues, caches and compiled code. */
const WARM_HOURS = 4;

/** What a run has found. */
export interface SoakResult {
  readonly requests: number;
  readonly aborted: number;
  readonly exports: number;
  /** Handlers that saw another request's trace, or none, after their awaits. */
  readonly strangers: number;
  /** Watched requests and spans that the collector could not take, and how many were watched. */
  readonly alive: number;
  readonly watched: number;
  readonly inFlight: number;
  /** Least squares over the heap after each hour from the fourth on, after a full collection. */
  readonly heapSlopeBytesAnHour: number;
  readonly heapMegabytes: readonly number[];
}

setFlagsFromString("--expose-gc");
// Proof of the `as`: V8 gives it by the flag above.
const collectGarbage = runInNewContext("gc") as () => void;

/** How long a run is, in hours and minutes that are told, not waited for. */
export interface SoakOptions {
  readonly requests: number;
  readonly hours?: number;
  readonly minutesAnHour?: number;
}

/** Runs `requests` in all; every minute exports, and the heap is looked at every hour. */
export async function soak({
  requests,
  hours = HOURS,
  minutesAnHour = MINUTES_AN_HOUR,
}: SoakOptions): Promise<SoakResult> {
  const sink = await listening(
    createServer((request, answer) => request.resume().on("end", () => answer.end())),
  );
  const telemetry = initTelemetry({
    serviceName: "soak",
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.origin,
      OTEL_METRIC_EXPORT_INTERVAL: "100000000",
      AVX_CPU_BUDGET: "off",
    },
    writeLog: () => {},
  });
  const watch: WeakRef<object>[] = [];
  const counts = { strangers: 0, exports: 0, served: 0, watched: 0, alive: 0 };
  const served = await listening(
    createServer(telemetry.middleware.nodeHttp(handler(telemetry, watch, counts))),
  );
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => Client.open(served.port)),
  );
  const heapBytes: number[] = [];
  const aMinute = Math.max(1, Math.round(requests / (hours * minutesAnHour)));
  for (let hour = 0; hour < hours; hour++) {
    for (let minute = 0; minute < minutesAnHour; minute++) {
      await Promise.all(clients.map((client, i) => client.ask(share(aMinute, i))));
      await telemetry.flush();
      counts.exports++;
    }
    heapBytes.push(await heapNow());
    // Emptied every hour, for what watches must not grow itself.
    const hourly = watch.splice(0);
    counts.watched += hourly.length;
    counts.alive += hourly.filter((one) => one.deref() !== undefined).length;
  }
  const { text } = await telemetry.renderMetrics();
  for (const client of clients) client.close();
  await telemetry.shutdown();
  await Promise.all([served.close(), sink.close()]);
  return {
    requests: counts.served,
    aborted: clients.reduce((sum, client) => sum + client.aborted, 0),
    exports: counts.exports,
    strangers: counts.strangers,
    alive: counts.alive,
    watched: counts.watched,
    inFlight: Number(/^http_server_active_requests\{.*\} (\d+)$/m.exec(text)?.[1] ?? Number.NaN),
    heapSlopeBytesAnHour: Math.round(slope(heapBytes.slice(WARM_HOURS))),
    heapMegabytes: heapBytes.map((bytes) => Math.round(bytes / 1e5) / 10),
  };
}

function handler(
  telemetry: Telemetry,
  watch: WeakRef<object>[],
  counts: { strangers: number; served: number },
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    telemetry.setRoute(request, "/items/:id");
    counts.served++;
    const mine = String(request.headers["traceparent"]).slice(3, 35);
    const isWatched = counts.served % WATCH_EVERY === 0;
    if (isWatched) watch.push(new WeakRef(request));
    await nextTurn();
    await telemetry.tracer.startActiveSpan("work", async (span) => {
      if (isWatched) watch.push(new WeakRef(span));
      await null;
      if (traceFields().trace_id !== mine) counts.strangers++;
      telemetry.log.info("served", { id: counts.served });
      span.end();
    });
    await nextTurn();
    if (traceFields().trace_id !== mine) counts.strangers++;
    response.end("ok");
  };
}

/** One kept-alive connection that asks, waits for the answer, and asks again. */
class Client {
  aborted = 0;
  readonly #port: number;
  #socket: Socket;
  #asked = 0;

  constructor(port: number, socket: Socket) {
    this.#port = port;
    this.#socket = socket;
  }

  static async open(port: number): Promise<Client> {
    return new Client(port, await connected(port));
  }

  async ask(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const isAborted = ++this.#asked % ABORT_EVERY === 0;
      await this.#once(isAborted);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #once(isAborted: boolean): Promise<void> {
    const id = hexId();
    const socket = this.#socket;
    socket.write(
      `GET /items/1 HTTP/1.1\r\nhost: soak\r\ntraceparent: 00-${id}${id}-${id}-01\r\n\r\n`,
    );
    if (isAborted) {
      await nextTurn();
      this.aborted++;
      socket.destroy();
      this.#socket = await connected(this.#port);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      socket.once("data", () => {
        socket.off("error", reject);
        resolve();
      });
      socket.once("error", reject);
    });
  }
}

let nextId = 1;

function hexId(): string {
  return (nextId++).toString(16).padStart(16, "0");
}

function share(total: number, part: number): number {
  return Math.floor((total * (part + 1)) / CONNECTIONS) - Math.floor((total * part) / CONNECTIONS);
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function listening(server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port, origin: `http://127.0.0.1:${port}`, close };
}

/** After everything that has ended is really gone: some turns, and full collections between them. */
async function heapNow(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await nextTurn();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

function slope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  for (const [x, y] of values.entries()) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  return above / below;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { requests: { type: "string", default: "1000000" } } });
  const startMs = performance.now();
  const result = await soak({ requests: Number(values.requests) });
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      ...result,
      seconds: Math.round((performance.now() - startMs) / 1000),
      cpuSeconds: Math.round((cpu.user + cpu.system) / 1e6),
    }),
  );
  process.exitCode = result.strangers + result.alive + result.inFlight > 0 ? 1 : 0;
}
