import { parseArgs } from "node:util";
import { AvxError } from "@avx/sdk";

/** Where the gateway listens, where it forwards to, how long it waits. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  /** Origin of api-core, such as http://127.0.0.1:8081. */
  readonly upstream: string;
  /** From the request's arrival to the upstream's response headers. */
  readonly upstreamTimeoutMs: number;
  readonly wantsHelp: boolean;
  /** Variables for the SDK: the process's own over the defaults below. */
  readonly telemetryEnvironment: Readonly<Record<string, string | undefined>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_UPSTREAM_TIMEOUT_MS = 10_000;
const MAX_UPSTREAM_TIMEOUT_MS = 600_000;

/** Every flag with its variable; a flag wins. */
export const GATEWAY_HELP = `avx-gateway: the front door of the mesh, a streaming reverse proxy

  --port N                 PORT                          8080
  --host ADDRESS           HOST                          127.0.0.1
  --upstream URL           AVX_UPSTREAM                  http://127.0.0.1:8081
  --upstream-timeout MS    AVX_UPSTREAM_TIMEOUT          ${DEFAULT_UPSTREAM_TIMEOUT_MS}
  --otlp-endpoint URL      OTEL_EXPORTER_OTLP_ENDPOINT   http://127.0.0.1:4318
`;

/** What a service of the demo mesh sends by default: often, and to the server next to it. */
const TELEMETRY_DEFAULTS: Environment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
  OTEL_METRIC_EXPORT_INTERVAL: "2000",
  OTEL_BSP_SCHEDULE_DELAY: "1000",
  AVX_STACK: "Avx",
  AVX_LAYER: "deep",
  AVX_ENV: "dev",
  AVX_CLUSTER: "local",
  AVX_MESH: "internal",
};

/** Reads flags and variables. Anything wrong is an `invalid_config` that names the option. */
export function gatewayConfig(args: readonly string[], environment: Environment): GatewayConfig {
  const flags = parsedFlags(args);
  const endpoint = flags["otlp-endpoint"];
  return {
    host: flags.host ?? environment["HOST"] ?? "127.0.0.1",
    port: wholeNumber("--port", flags.port ?? environment["PORT"] ?? "8080", 65_535),
    upstream: origin(flags.upstream ?? environment["AVX_UPSTREAM"] ?? "http://127.0.0.1:8081"),
    upstreamTimeoutMs: wholeNumber(
      "--upstream-timeout",
      flags["upstream-timeout"] ??
        environment["AVX_UPSTREAM_TIMEOUT"] ??
        String(DEFAULT_UPSTREAM_TIMEOUT_MS),
      MAX_UPSTREAM_TIMEOUT_MS,
    ),
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
        upstream: { type: "string" },
        "upstream-timeout": { type: "string" },
        "otlp-endpoint": { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AvxError("invalid_config", { option: "arguments", reason }, { cause });
  }
}

function wholeNumber(option: string, text: string, limit: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= limit) return value;
  const reason = `${text} is not a whole number in 0..${limit}`;
  throw new AvxError("invalid_config", { option, reason });
}

function origin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url.origin;
  const reason = `${text} is not an http(s) URL`;
  throw new AvxError("invalid_config", { option: "--upstream", reason });
}
