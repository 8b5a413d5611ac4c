/** A made-up service whose signals are functions of time, so that every question agrees. */
export interface FakeService {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly p50Seconds: number;
  /** What is wrong with it since `INCIDENT_AGE_MS` before the start. */
  readonly fault: "none" | "errors" | "slow" | "silent";
}

/** How long before the server's start the faults began. */
export const INCIDENT_AGE_MS = 8 * 60_000;

type Measures = readonly [requestsPerSecond: number, p50Seconds: number];

const service = (
  name: string,
  [requestsPerSecond, p50Seconds]: Measures,
  fault: FakeService["fault"] = "none",
): FakeService => ({ name, requestsPerSecond, p50Seconds, fault });

/** A mesh with one failing, one slow and one silent service among healthy ones. */
export const TROUBLED_MESH: readonly FakeService[] = [
  service("avx-checkout", [182, 0.034], "errors"),
  service("avx-api-core", [640, 0.012], "slow"),
  service("avx-mailer", [3.2, 0.18], "silent"),
  service("avx-gateway", [1250, 0.0084]),
  service("avx-catalog", [410, 0.0061]),
  service("avx-identity", [220, 0.0225]),
  service("avx-inventory", [96, 0.0412]),
  service("avx-notifier", [12.4, 0.066]),
  service("avx-payments", [58, 0.121]),
  service("avx-recommender", [333, 0.0475]),
  service("avx-search", [275, 0.0293]),
  service("avx-session-store", [890, 0.00072]),
];

/** The two services of the demo, both well. */
export const CALM_MESH: readonly FakeService[] = [
  service("avx-gateway", [42, 0.0084]),
  service("avx-api-core", [40, 0.0061]),
];

/** Names that would do harm if they were put into markup, code, a URL or a query. */
export const HOSTILE_NAMES: readonly string[] = [
  "<img src=x onerror=window.__xss=1>",
  '"><script>window.__xss=2</script>',
  "javascript:window.__xss=3",
  "../..",
  "..",
  "a/b?c=d&lang=pt-BR#e%2F",
  "{{constructor.constructor('window.__xss=4')()}}",
  "__proto__",
  "'; DROP TABLE spans; --",
  "\u202Egnp.exe\u202C עברית",
  `very-long-${"name-".repeat(30)}`,
];

/** One service for each hostile name. */
export const HOSTILE_MESH: readonly FakeService[] = HOSTILE_NAMES.map((name, i) =>
  service(name, [10 + i, 0.01], i === 0 ? "errors" : i === 1 ? "slow" : "none"),
);

/** What a service measured at one moment. */
export interface FakeSignals {
  readonly rate: number;
  readonly errorRatio: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly saturation: number;
}

const DAY_PERIOD_MS = 20 * 60_000;

/** The signals of a service, or `null` where it was silent. */
export function signalsAt(
  { name, requestsPerSecond, p50Seconds, fault }: FakeService,
  timestampMs: number,
  startedMs: number,
): FakeSignals | null {
  const inIncident = timestampMs >= startedMs - INCIDENT_AGE_MS;
  if (fault === "silent" && inIncident) return null;
  const phase = (seedOf(name) % 628) / 100;
  const wave = Math.sin((timestampMs / DAY_PERIOD_MS) * 2 * Math.PI + phase);
  const noise = (kind: string): number => smoothNoise(`${name} ${kind}`, timestampMs);
  const slow = fault === "slow" && inIncident ? 4.2 : 1;
  const p50 = p50Seconds * (1 + 0.08 * wave + 0.06 * noise("p50")) * (slow === 1 ? 1 : 1.6);
  const p95 = p50 * (2.1 + 0.25 * noise("p95")) * (slow === 1 ? 1 : 2);
  const failing = fault === "errors" && inIncident;
  return {
    rate: Math.max(0, requestsPerSecond * (1 + 0.28 * wave + 0.05 * noise("rate"))),
    errorRatio: failing ? 0.11 + 0.03 * noise("errors") : Math.max(0, 0.0012 * noise("errors")),
    p50,
    p95,
    p99: p95 * (1.7 + 0.3 * noise("p99")),
    saturation: Math.min(0.98, Math.max(0.02, 0.31 + 0.12 * wave + 0.04 * noise("loop"))),
  };
}

const NOISE_MS = 45_000;

/** Noise that wanders, as a rate over a minute does. */
function smoothNoise(key: string, timestampMs: number): number {
  const place = timestampMs / NOISE_MS;
  const before = unitNoise(`${key} ${Math.floor(place)}`);
  const after = unitNoise(`${key} ${Math.floor(place) + 1}`);
  return before + (after - before) * (place - Math.floor(place));
}

/** A number from -1 to 1 that depends on `key` only. */
export function unitNoise(key: string): number {
  return (seedOf(key) / 0xffffffff) * 2 - 1;
}

/** A 32-bit hash whose bits are well mixed. */
export function seedOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
