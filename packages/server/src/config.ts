import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { AvxError, type Matcher } from "@avx/model";
import { parseSelector } from "@avx/promql";
import { accessSettings } from "./access/access-settings.ts";
import { requireSafeAddress } from "./access/require-safe-address.ts";
import type { TlsPaths } from "./access/tls-files.ts";
import { commandLineReason } from "./cli/command-line-reason.ts";
import { type ClusterConfig, parseClusterConfig } from "./cluster/cluster-config.ts";
import { parseDurationMs } from "./duration.ts";

/** Where to listen; port 0 means any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Everything that can be set, checked and complete. The only place that knows flags and variables. */
export interface ServerConfig {
  readonly listen: ListenAddress;
  /** Undefined: no listener of its own (`--otlp-listen off`); the main port takes OTLP as well. */
  readonly otlpListen: ListenAddress | undefined;
  /** Whether the OTLP address was asked for; only then a taken port is an error. */
  readonly otlpListenRequired: boolean;
  /** The same two of OTLP over gRPC, which has no other port. */
  readonly otlpGrpcListen: ListenAddress | undefined;
  readonly otlpGrpcListenRequired: boolean;
  readonly dataDir: string;
  readonly store: (typeof STORES)[number];
  /** Set when the store is a cluster. */
  readonly cluster: ClusterConfig | undefined;
  /** Of metrics, documents and events. */
  readonly retentionMs: number | "off";
  readonly traceRetentionMs: number | "off";
  readonly logRetentionMs: number | "off";
  /** Of the 5-minute roll-ups that answer for what the metrics' retention has dropped. */
  readonly rollupRetentionMs: number | "off";
  /** Without a question for this long the embedded engine's process is ended until the next. */
  readonly engineIdleMs: number | "off";
  /** Series that may exist, in all and of one service; undefined: the limits of the store. */
  readonly maxSeries: number | undefined;
  readonly maxServiceSeries: number | undefined;
  /** Deletion of series and snapshots over HTTP. */
  readonly adminApi: boolean;
  readonly acceptTimestamps: "recent" | "any";
  readonly experimentalFunctions: boolean;
  /** Threads that evaluate heavy queries; 0: the main thread evaluates all. */
  readonly queryWorkers: number;
  /** Series that are watched besides the golden signals. */
  readonly detect: readonly (readonly Matcher[])[];
  /** At most so many findings of one service are shown in 24 hours. */
  readonly findingsPerDay: number;
  readonly logFormat: "pretty" | "json";
  readonly insecure: boolean;
  /** For all ports; undefined: plain HTTP and gRPC. */
  readonly tls: TlsPaths | undefined;
  /** Names besides the usual ones that a Host header may have. */
  readonly allowedHosts: readonly string[];
  /** A `prometheus.yml` whose targets are scraped; undefined: nothing is scraped. */
  readonly configFile: string | undefined;
}

const STORES = ["embedded", "memory", "cluster"] as const;

/** A series takes about 1 kB of memory: beyond this no machine that we know of has the room. */
const MAX_SERIES_LIMIT = 50_000_000;

const OPTIONS = {
  listen: { type: "string" },
  "otlp-listen": { type: "string" },
  "otlp-grpc-listen": { type: "string" },
  "data-dir": { type: "string" },
  store: { type: "string" },
  "cluster-url": { type: "string" },
  "cluster-name": { type: "string" },
  "cluster-writer": { type: "string" },
  "cluster-peers": { type: "string" },
  "cluster-ca": { type: "string" },
  retention: { type: "string" },
  "retention-metrics": { type: "string" },
  "retention-traces": { type: "string" },
  "retention-logs": { type: "string" },
  "retention-rollups": { type: "string" },
  "engine-idle": { type: "string" },
  "max-series": { type: "string" },
  "max-service-series": { type: "string" },
  "enable-admin-api": { type: "boolean" },
  "accept-timestamps": { type: "string" },
  "enable-experimental-functions": { type: "boolean" },
  "query-workers": { type: "string" },
  detect: { type: "string", multiple: true },
  "findings-per-day": { type: "string" },
  "log-format": { type: "string" },
  insecure: { type: "boolean" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  "allowed-hosts": { type: "string" },
  config: { type: "string" },
} as const;

/**
 * Reads flags first, then `AVX_*` variables, then defaults.
 * Throws AvxError `invalid_config` that names the option and what is wrong with it.
 */
export function parseServerConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const flags = parseFlags(argv);
  const setting: Setting = (flag, variable, fallback) =>
    String(flags[flag] ?? env[variable] ?? fallback);
  const optionalCount = (flag: keyof typeof OPTIONS, variable: string): number | undefined => {
    const text = setting(flag, variable, "");
    if (text === "") return undefined;
    return parseCount(`--${flag}`, text, { min: 1, max: MAX_SERIES_LIMIT });
  };
  const otlp = setting("otlp-listen", "AVX_OTLP_LISTEN", "127.0.0.1:4318");
  const otlpGrpc = setting("otlp-grpc-listen", "AVX_OTLP_GRPC_LISTEN", "127.0.0.1:4317");
  const config: ServerConfig = {
    listen: parseAddress("--listen", setting("listen", "AVX_LISTEN", "127.0.0.1:8600")),
    otlpListen: otlp === "off" ? undefined : parseAddress("--otlp-listen", otlp),
    otlpListenRequired: (flags["otlp-listen"] ?? env["AVX_OTLP_LISTEN"]) !== undefined,
    otlpGrpcListen: otlpGrpc === "off" ? undefined : parseAddress("--otlp-grpc-listen", otlpGrpc),
    otlpGrpcListenRequired:
      (flags["otlp-grpc-listen"] ?? env["AVX_OTLP_GRPC_LISTEN"]) !== undefined,
    dataDir: setting("data-dir", "AVX_DATA_DIR", "data"),
    store: oneOf("--store", setting("store", "AVX_STORE", "embedded"), STORES),
    cluster: undefined,
    ...retentions(setting),
    engineIdleMs: parseEngineIdle(setting("engine-idle", "AVX_ENGINE_IDLE", "1m")),
    maxSeries: optionalCount("max-series", "AVX_MAX_SERIES"),
    maxServiceSeries: optionalCount("max-service-series", "AVX_MAX_SERVICE_SERIES"),
    adminApi: flags["enable-admin-api"] === true,
    acceptTimestamps: oneOf(
      "--accept-timestamps",
      setting("accept-timestamps", "AVX_ACCEPT_TIMESTAMPS", "recent"),
      ["recent", "any"],
    ),
    experimentalFunctions: flags["enable-experimental-functions"] === true,
    detect: parseSelectors(flags.detect ?? (env["AVX_DETECT"] ?? "").split("\n")),
    queryWorkers: parseCount(
      "--query-workers",
      setting("query-workers", "AVX_QUERY_WORKERS", String(defaultQueryWorkers())),
      { min: 0, max: MAX_QUERY_WORKERS },
    ),
    findingsPerDay: parseCount(
      "--findings-per-day",
      setting("findings-per-day", "AVX_FINDINGS_PER_DAY", "20"),
      { min: 1, max: MAX_FINDINGS_PER_DAY },
    ),
    logFormat: oneOf("--log-format", setting("log-format", "AVX_LOG_FORMAT", "json"), [
      "pretty",
      "json",
    ]),
    insecure: flags.insecure === true,
    ...accessSettings(setting),
    configFile: setting("config", "AVX_CONFIG", "") || undefined,
  };
  requireSafeAddress(config, "unknown");
  return config.store === "cluster" ? { ...config, cluster: clusterOf(setting) } : config;
}

function clusterOf(setting: Setting): ClusterConfig {
  return parseClusterConfig((name, fallback) => {
    const variable = `AVX_${name.toUpperCase().replaceAll("-", "_")}`;
    return setting(name, variable, fallback);
  });
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values;
  } catch (cause) {
    const reason = commandLineReason(cause);
    throw new AvxError("invalid_config", { option: "command line", reason }, { cause });
  }
}

function parseAddress(option: string, text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new AvxError("invalid_config", { option, reason: `"${text}" is not HOST:PORT` });
  }
  return { host: match[1] ?? (match[2] || "0.0.0.0"), port };
}

type Setting = (flag: keyof typeof OPTIONS, variable: string, fallback: string) => string;

/** What is said of one signal wins over what is said of all, and that over the defaults. */
function retentions(
  setting: Setting,
): Pick<ServerConfig, "retentionMs" | "traceRetentionMs" | "logRetentionMs" | "rollupRetentionMs"> {
  const all = setting("retention", "AVX_RETENTION", "");
  if (all !== "") parseRetention("--retention", all);
  const of = (signal: "metrics" | "traces" | "logs", usual: string): number | "off" => {
    const variable = `AVX_RETENTION_${signal.toUpperCase()}`;
    const text = setting(`retention-${signal}`, variable, all || usual);
    return parseRetention(`--retention-${signal}`, text);
  };
  const rollups = setting("retention-rollups", "AVX_RETENTION_ROLLUPS", "400d");
  return {
    rollupRetentionMs: parseRetention("--retention-rollups", rollups),
    retentionMs: of("metrics", "30d"),
    traceRetentionMs: of("traces", "7d"),
    logRetentionMs: of("logs", "7d"),
  };
}

function parseRetention(option: string, text: string): number | "off" {
  if (text === "off") return "off";
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 3_600_000) {
    const reason = `"${text}" is neither "off" nor a duration of at least 1h, such as 30d`;
    throw new AvxError("invalid_config", { option, reason });
  }
  return ms;
}

/** Below, the engine would be started again and again. */
const MIN_ENGINE_IDLE_MS = 1000;
/** Who wants it longer wants it off. */
const MAX_ENGINE_IDLE_MS = 86_400_000;

function parseEngineIdle(text: string): number | "off" {
  if (text === "off") return "off";
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= MIN_ENGINE_IDLE_MS && ms <= MAX_ENGINE_IDLE_MS) return ms;
  const reason = `"${text}" is neither "off" nor a duration from 1s to 24h, such as 5m`;
  throw new AvxError("invalid_config", { option: "--engine-idle", reason });
}

/** Each selector is tested on each new series once. */
const MAX_SELECTORS = 100;

function parseSelectors(texts: readonly string[]): readonly (readonly Matcher[])[] {
  const option = "--detect";
  const given = texts.map((text) => text.trim()).filter((text) => text !== "");
  if (given.length > MAX_SELECTORS) {
    const reason = `${given.length} selectors are too many, the limit is ${MAX_SELECTORS}`;
    throw new AvxError("invalid_config", { option, reason });
  }
  return given.map((text) => {
    try {
      return parseSelector(text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AvxError("invalid_config", { option, reason }, { cause });
    }
  });
}

const MAX_FINDINGS_PER_DAY = 10_000;

/** Each may hold some hundred MB. */
const MAX_QUERY_WORKERS = 64;

/**
 * One core is the main thread's. Two threads even on two cores, so that a query of many seconds does
 * not hold the only one; the main thread has precedence.
 */
function defaultQueryWorkers(): number {
  return Math.min(4, Math.max(2, availableParallelism() - 1));
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function parseCount(option: string, text: string, { min, max }: Bounds): number {
  const count = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  const reason = `"${text}" is not a whole number from ${min} to ${max}`;
  throw new AvxError("invalid_config", { option, reason });
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) {
    const reason = `"${text}" is not one of ${allowed.join(", ")}`;
    throw new AvxError("invalid_config", { option, reason });
  }
  return found;
}
