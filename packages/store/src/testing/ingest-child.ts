/**
 * A process that takes in samples, spans and log records until it is killed, and tells its parent
 * after each append that was acknowledged. Arguments: data directory, number of the life.
 */
import { createEmbeddedStore } from "../embedded/embedded-store.ts";
import { batchOf, recordOf, seriesOf, spanOf, T0 } from "./sample-data.ts";

const [dataDir = "", life = ""] = process.argv.slice(2);

process.on("disconnect", () => process.exit(1));

const store = await createEmbeddedStore({
  dataDir,
  retentionMs: "off",
  nowMs: () => T0,
  log: () => {},
});

for (let n = 0; ; n++) {
  const id = `${life}.${n}`;
  const at = T0 + Number(life) * 1_000_000 + n;
  await Promise.all([
    store.metrics.append(batchOf(seriesOf({ __name__: "killed", life }, [[at, n]]))),
    store.traces.append([spanOf("killed", { spanId: id, startUnixNano: BigInt(at) * 1_000_000n })]),
    store.logs.append([recordOf("killed", { body: id })]),
  ]);
  process.send?.(n);
  // Now and then all goes to the engine, so that a kill falls into that too.
  if (n % 50 === 20) void store.flush().catch(() => {});
}
