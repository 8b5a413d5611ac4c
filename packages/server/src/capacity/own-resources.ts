import { statfs } from "node:fs/promises";
import { labelsFromRecord, METRIC_NAME, type MetricMetadata } from "@avx/model";
import { SERVICE_LABEL } from "@avx/sre";
import type { Store } from "@avx/store";

/** Series of the server's own resources, kept so that they can be forecast. */
export const OWN_METRICS = {
  activeSeries: "avx_server_active_series",
  diskUsedBytes: "avx_server_disk_used_bytes",
  diskSizeBytes: "avx_server_disk_size_bytes",
} as const;

/** The service name of the server's own series, as in its own metrics. */
const OWN_SERVICE = "avx-server";

const METADATA: readonly MetricMetadata[] = [
  gauge(OWN_METRICS.activeSeries, "Series in the in-memory head of the store."),
  gauge(OWN_METRICS.diskUsedBytes, "Used bytes of the file system of the data directory."),
  gauge(OWN_METRICS.diskSizeBytes, "Size in bytes of the file system of the data directory."),
];

function gauge(name: string, help: string): MetricMetadata {
  return { name, type: "gauge", unit: "", help };
}

/** Size and use of a file system, in bytes. */
export interface DiskUse {
  readonly usedBytes: number;
  readonly sizeBytes: number;
}

/** The file system that `directory` lies on; what is kept for the administrator counts as used. */
export async function diskUse(directory: string): Promise<DiskUse> {
  const { blocks, bavail, bsize } = await statfs(directory);
  return { usedBytes: (blocks - bavail) * bsize, sizeBytes: blocks * bsize };
}

/** Stores what the server itself uses at `timestampMs`; without a disk only its series. */
export async function recordOwnResources(
  store: Pick<Store, "metrics" | "health">,
  timestampMs: number,
  disk: DiskUse | undefined,
): Promise<void> {
  const values: [name: string, value: number][] = [
    [OWN_METRICS.activeSeries, store.health().headSeries],
  ];
  if (disk !== undefined) {
    values.push([OWN_METRICS.diskUsedBytes, disk.usedBytes]);
    values.push([OWN_METRICS.diskSizeBytes, disk.sizeBytes]);
  }
  const series = values.map(([name, value]) => ({
    labels: labelsFromRecord({ [METRIC_NAME]: name, [SERVICE_LABEL]: OWN_SERVICE }),
    timestampsMs: Float64Array.of(timestampMs),
    values: Float64Array.of(value),
  }));
  await store.metrics.append({ series, metadata: METADATA, exemplars: [] });
}
