import { parseArgs } from "node:util";
import { AvxError, type Matcher } from "@avx/model";
import { parseSelector } from "@avx/promql";
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
  readonly store: "embedded" | "memory";
  readonly retentionMs: number | "off";
  readonly acceptTimestamps: "recent" | "any";
  readonly experimentalFunctions: boolean;
  /** Series that are watched besides the golden signals. */
  readonly detect: readonly (readonly Matcher[])[];
  /** At most so many findings of one service are shown in 24 hours. */
  readonly findingsPerDay: number;
  readonly logFormat: "pretty" | "json";
  readonly insecure: boolean;
  /** A `prometheus.yml` whose targets are scraped; undefined: nothing is scraped. */
  readonly configFile: string | undefined;
}

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "::1", "localhost"]);

const OPTIONS = {
  listen: { type: "string" },
  "otlp-listen": { type: "string" },
  "otlp-grpc-listen": { type: "string" },
  "data-dir": { type: "string" },
  store: { type: "string" },
  retention: { type: "string" },
  "accept-timestamps": { type: "string" },
  "enable-experimental-functions": { type: "boolean" },
  detect: { type: "string", multiple: true },
  "findings-per-day": { type: "string" },
  "log-format": { type: "string" },
  insecure: { type: "boolean" },
  config: { type: "string" },
} as const;

/** What `avx serve --help` prints. */
export const SERVE_HELP = `usage: avx serve [options]

Runs the server: page and API on one port, OTLP on another, data in one directory.

  --listen HOST:PORT            page, API and ingest (127.0.0.1:8600)        AVX_LISTEN
  --otlp-listen HOST:PORT|off   OTLP over HTTP (127.0.0.1:4318)              AVX_OTLP_LISTEN
  --data-dir DIR                where data is kept (./data)                  AVX_DATA_DIR
  --otlp-grpc-listen HOST:PORT|off
                                OTLP over gRPC (127.0.0.1:4317)              AVX_OTLP_GRPC_LISTEN
  --config FILE                 scrape targets of a prometheus.yml (none)    AVX_CONFIG
  --store embedded|memory       embedded engine on disk, or memory only      AVX_STORE
  --retention DURATION|off      how long data is kept, e.g. 30d (30d)        AVX_RETENTION
  --accept-timestamps recent|any
                                recent refuses samples older than the retention and more than
                                10 minutes in the future (recent)            AVX_ACCEPT_TIMESTAMPS
  --enable-experimental-functions
                                PromQL functions that Prometheus marks experimental
  --detect SELECTOR             watch these series for anomalies, besides the golden signals;
                                may be repeated; one a line in               AVX_DETECT
  --findings-per-day N          findings shown of one service in 24 h (20)   AVX_FINDINGS_PER_DAY
  --log-format pretty|json      (pretty on a terminal, else json)            AVX_LOG_FORMAT
  --insecure                    allow an address other than loopback without authentication
  --help
`;

/**
 * Reads flags first, then `AVX_*` variables, then defaults.
 * Throws AvxError `invalid_config` that names the option and what is wrong with it.
 */
export function parseServerConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const flags = parseFlags(argv);
  const setting = (flag: keyof typeof OPTIONS, variable: string, fallback: string): string =>
    String(flags[flag] ?? env[variable] ?? fallback);
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
    store: oneOf("--store", setting("store", "AVX_STORE", "embedded"), ["embedded", "memory"]),
    retentionMs: parseRetention(setting("retention", "AVX_RETENTION", "30d")),
    acceptTimestamps: oneOf(
      "--accept-timestamps",
      setting("accept-timestamps", "AVX_ACCEPT_TIMESTAMPS", "recent"),
      ["recent", "any"],
    ),
    experimentalFunctions: flags["enable-experimental-functions"] === true,
    detect: parseSelectors(flags.detect ?? (env["AVX_DETECT"] ?? "").split("\n")),
    findingsPerDay: parseCount(
      "--findings-per-day",
      setting("findings-per-day", "AVX_FINDINGS_PER_DAY", "20"),
    ),
    logFormat: oneOf("--log-format", setting("log-format", "AVX_LOG_FORMAT", "json"), [
      "pretty",
      "json",
    ]),
    insecure: flags.insecure === true,
    configFile: setting("config", "AVX_CONFIG", "") || undefined,
  };
  refuseOpenAddress(config);
  return config;
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
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

function parseRetention(text: string): number | "off" {
  if (text === "off") return "off";
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 3_600_000) {
    const reason = `"${text}" is neither "off" nor a duration of at least 1h, such as 30d`;
    throw new AvxError("invalid_config", { option: "--retention", reason });
  }
  return ms;
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

function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_FINDINGS_PER_DAY) return count;
  const reason = `"${text}" is not a whole number from 1 to ${MAX_FINDINGS_PER_DAY}`;
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

/** There is no authentication yet, so an address that others can reach must be asked for twice. */
function refuseOpenAddress(config: ServerConfig): void {
  const addresses = {
    "--listen": config.listen,
    "--otlp-listen": config.otlpListen,
    "--otlp-grpc-listen": config.otlpGrpcListen,
  };
  for (const [option, address] of Object.entries(addresses)) {
    if (config.insecure || address === undefined || LOOPBACK_HOSTS.has(address.host)) continue;
    const reason =
      "an address other than loopback would be open to everyone; add --insecure to accept that";
    throw new AvxError("invalid_config", { option, reason });
  }
}
