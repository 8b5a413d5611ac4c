import { parseArgs } from "node:util";
import { AvxError } from "@avx/sdk";

/** Where api-core listens and where it finds stored history. */
export interface ApiCoreConfig {
  readonly host: string;
  readonly port: number;
  /** The AVX server, for `/core/forecast`. */
  readonly serverUrl: string;
  /** Share of demo requests that fail by themselves; 0 unless configured. */
  readonly errorRatio: number;
  readonly wantsHelp: boolean;
  /** Variables for the SDK: the process's own over the defaults below. */
  readonly telemetryEnvironment: Readonly<Record<string, string | undefined>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Every flag with its variable; a flag wins. */
export const API_CORE_HELP = `avx-api-core: the core API of the mesh

  --port N                 PORT                          8081
  --host ADDRESS           HOST                          127.0.0.1
  --server URL             AVX_SERVER_URL                http://127.0.0.1:8600
  --error-ratio R          AVX_ERROR_RATIO               0
  --otlp-endpoint URL      OTEL_EXPORTER_OTLP_ENDPOINT   http://127.0.0.1:4318
`;

/** What a service of the demo mesh sends by default: often, and to the server next to it. */
const TELEMETRY_DEFAULTS: Environment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
  OTEL_METRIC_EXPORT_INTERVAL: "2000",
  OTEL_BSP_SCHEDULE_DELAY: "1000",
  AVX_STACK: "Avx",
  AVX_LAYER: "core",
  AVX_ENV: "dev",
  AVX_CLUSTER: "local",
  AVX_MESH: "internal",
};

/** Reads flags and variables. Anything wrong is an `invalid_config` that names the option. */
export function apiCoreConfig(args: readonly string[], environment: Environment): ApiCoreConfig {
  const flags = parsedFlags(args);
  const endpoint = flags["otlp-endpoint"];
  return {
    host: flags.host ?? environment["HOST"] ?? "127.0.0.1",
    port: portNumber(flags.port ?? environment["PORT"] ?? "8081"),
    serverUrl: httpUrl(flags.server ?? environment["AVX_SERVER_URL"] ?? "http://127.0.0.1:8600"),
    errorRatio: ratio(flags["error-ratio"] ?? environment["AVX_ERROR_RATIO"] ?? "0"),
    wantsHelp: flags.help ?? false,
    telemetryEnvironment: {
      ...TELEMETRY_DEFAULTS,
      ...environment,
      ...(endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    },
  };
}

function parsedFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        host: { type: "string" },
        server: { type: "string" },
        "error-ratio": { type: "string" },
        "otlp-endpoint": { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AvxError("invalid_config", { option: "arguments", reason }, { cause });
  }
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new AvxError("invalid_config", { option: "--port", reason: `${text} is not a port` });
}

function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url.origin;
  const reason = `${text} is not an http(s) URL`;
  throw new AvxError("invalid_config", { option: "--server", reason });
}

function ratio(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  const reason = `${text} is not a ratio in 0..1`;
  throw new AvxError("invalid_config", { option: "--error-ratio", reason });
}
