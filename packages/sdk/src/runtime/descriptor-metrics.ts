import { nodeFs } from "../lazy-builtins.ts";
import type { Meter } from "../metrics/meter.ts";

/** Where the operating system lists the process's descriptors: Linux, then macOS and BSD. */
const LISTINGS = ["/proc/self/fd", "/dev/fd"];
const LIMITS = "/proc/self/limits";

/**
 * Open descriptors, asked in the cheapest way that works. Linux from 6.2 on tells their number as
 * the size of the listing; elsewhere the entries are counted. undefined on systems without listing.
 */
export function openDescriptors(listings: readonly string[] = LISTINGS): number | undefined {
  for (const listing of listings) {
    try {
      const { size } = nodeFs().statSync(listing);
      // A listing of a real file system has its own size, which says nothing.
      if (size > 0 && listing.startsWith("/proc/")) return size;
      // The look itself holds one descriptor open.
      return Math.max(0, nodeFs().readdirSync(listing).length - 1);
    } catch {
      // Not this system's listing.
    }
  }
  return undefined;
}

/** The soft limit from the text of `/proc/self/limits`; undefined when there is none. */
export function descriptorLimit(text: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** `process.unix.file_descriptor.count`, and how many the process may open. */
export function observeDescriptors(meter: Meter): void {
  if (openDescriptors() === undefined) return;
  meter
    .createObservableUpDownCounter("process.unix.file_descriptor.count", {
      unit: "{file_descriptor}",
      description: "Number of file descriptors in use by the process.",
    })
    .addCallback((result) => result.observe(openDescriptors() ?? Number.NaN));
  const limit = descriptorLimit(limitsText());
  if (limit === undefined) return;
  meter
    .createObservableUpDownCounter("process.unix.file_descriptor.limit", {
      unit: "{file_descriptor}",
      description: "Number of file descriptors that the process may open.",
    })
    .addCallback((result) => result.observe(limit));
}

function limitsText(): string {
  try {
    return nodeFs().readFileSync(LIMITS, "utf8");
  } catch {
    return "";
  }
}
