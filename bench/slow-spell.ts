/**
 * A live run of the demo: the server, both services and their traffic for some minutes, then spells
 * in which the service's work takes 400 ms longer. Listens to the live stream and tells how long
 * after the start of a spell each service had its latency event, how many, how soon after the end it
 * closed, and what else was found. Prints one JSON line.
 * Usage: node bench/slow-spell.ts [spells, default 2]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, type ServerProcess, startProcess, startServer } from "./server-process.ts";

const SPELLS = Number(process.argv[2] ?? 2);
const ROOT = join(import.meta.dirname, "..");
/** 48 exports of 2 s once windows are full; a busy machine reads them less often. */
const WARM_UP_MS = 260_000;
const SPELL_MS = 40_000;
const CALM_MS = 120_000;
const EXTRA_MS = 400;

interface Found {
  readonly id: string;
  readonly service: string;
  readonly signal: string;
  readonly timestampMs: number;
  readonly endMs: number | null;
}

const events: { readonly found: Found; readonly heardMs: number }[] = [];

async function listen(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/api/avx/anomalies/stream`, { signal });
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = `${text}${chunk}`.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) events.push({ found: JSON.parse(data), heardMs: Date.now() });
    }
  }
}

async function service(entry: string, args: readonly string[]): Promise<ServerProcess> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "avx-spell-"));
  const command = [process.execPath, join(ROOT, entry), "--port", String(port), ...args];
  return startProcess(command, { port, directory, readyPath: "/health" });
}

const server = await startServer([]);
process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.url;
process.env["OTEL_METRIC_EXPORT_INTERVAL"] = "2000";
const core = await service("services/api-core/src/main.ts", ["--server", server.url]);
const gateway = await service("services/gateway/src/main.ts", ["--upstream", core.url]);
const traffic: ChildProcess = spawn(
  process.execPath,
  [join(ROOT, "scripts/demo-traffic.ts"), "--target", gateway.url],
  { stdio: "ignore" },
);
const listening = new AbortController();
const heard = listen(server.url, listening.signal).catch(() => {});
await sleep(WARM_UP_MS);
const beforeSpells = events.length;

const spells: { readonly startMs: number; readonly endMs: number }[] = [];
for (let i = 0; i < SPELLS; i++) {
  const startMs = Date.now();
  const query = `ms=${EXTRA_MS}&for=${SPELL_MS / 1000}`;
  await fetch(`${core.url}/core/slow?${query}`, { method: "POST" });
  await sleep(SPELL_MS);
  spells.push({ startMs, endMs: Date.now() });
  await sleep(CALM_MS);
}
listening.abort();
await heard;
traffic.kill("SIGTERM");
await once(traffic, "exit");
await gateway.stop();
await core.stop();
await server.stop();

const SERVICES = ["avx-gateway", "avx-api-core"];
const explained = new Set<string>();
const rows = spells.map(({ startMs, endMs }) =>
  SERVICES.map((name) => {
    const own = events.filter(
      ({ found: { service: of, signal, timestampMs } }) =>
        of === name && signal === "latency" && timestampMs >= startMs && timestampMs < endMs,
    );
    for (const { found } of own) explained.add(found.id);
    const closed = own.find(({ found }) => found.endMs !== null);
    const seconds = (ms: number | undefined, from: number) =>
      ms === undefined ? null : Number(((ms - from) / 1000).toFixed(1));
    return {
      service: name,
      events: new Set(own.map(({ found }) => found.id)).size,
      foundAfterSeconds: seconds(own[0]?.heardMs, startMs),
      closedAfterEndSeconds: seconds(closed?.heardMs, endMs),
    };
  }),
);
const others = new Map(
  events
    .filter(({ found }) => !explained.has(found.id))
    .map(({ found }) => [found.id, `${found.service} ${found.signal}`]),
);
process.stdout.write(
  `${JSON.stringify({
    bench: "slow-spell",
    spells: SPELLS,
    found: rows.flat().filter(({ events: count }) => count > 0).length,
    wanted: SPELLS * SERVICES.length,
    mostEventsOfASpell: Math.max(...rows.flat().map(({ events: count }) => count)),
    foundAfterSeconds: rows
      .flat()
      .map(({ foundAfterSeconds }) => foundAfterSeconds)
      .join(", "),
    closedAfterEndSeconds: rows
      .flat()
      .map((row) => row.closedAfterEndSeconds)
      .join(", "),
    eventsBeforeTheFirstSpell: beforeSpells,
    otherEvents: [...others.values()].join(", "),
    load: Number(loadavg()[0]?.toFixed(1)),
  })}\n`,
);
