import { AvxError } from "@avx/model";
import type { OtlpEncoding, OtlpSignal } from "@avx/wire";
import type { Environment } from "../environment.ts";
import { isTrue, keyValueList, oneOf, timeLimitMs } from "../environment-values.ts";
import { type TlsFiles, tlsFiles } from "./tls-files.ts";

/** Where one signal is sent, and in which form. */
export interface SignalTarget {
  readonly protocol: "http" | "grpc";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of one attempt; Infinity = any. */
  readonly timeoutMs: number;
  readonly encoding: OtlpEncoding;
  readonly isCompressed: boolean;
  readonly tls: TlsFiles;
}

type Form = Pick<SignalTarget, "protocol" | "encoding">;

const COMMON = "OTEL_EXPORTER_OTLP";
const DEFAULT_TIMEOUT_MS = 10_000;
const FORMS: Readonly<Record<string, Form>> = {
  "http/protobuf": { protocol: "http", encoding: "protobuf" },
  "http/json": { protocol: "http", encoding: "json" },
  grpc: { protocol: "grpc", encoding: "protobuf" },
};
const DEFAULT_ENDPOINTS = { http: "http://localhost:4318", grpc: "http://localhost:4317" } as const;
const GRPC_SERVICES: Readonly<Record<OtlpSignal, string>> = {
  traces: "trace.v1.TraceService",
  metrics: "metrics.v1.MetricsService",
  logs: "logs.v1.LogsService",
};

/** Reads `OTEL_<SIGNAL>_EXPORTER` and `OTEL_EXPORTER_OTLP_*`. undefined = it is not exported. */
export function signalTarget(
  environment: Environment,
  signal: OtlpSignal,
): SignalTarget | undefined {
  if (!exporters(environment, signal).has("otlp")) return undefined;
  const own = `${COMMON}_${signal.toUpperCase()}`;
  /** A signal's own variable wins over the common one. */
  const names = (part: string): string[] => [`${own}_${part}`, `${COMMON}_${part}`];
  const form = oneOf(environment, names("PROTOCOL"), FORMS);
  const isGrpc = form.protocol === "grpc";
  return {
    ...form,
    url: isGrpc ? grpcUrl(environment, signal, own) : httpUrl(environment, signal, own),
    headers: Object.fromEntries([
      ...keyValueList(environment, `${COMMON}_HEADERS`),
      ...keyValueList(environment, `${own}_HEADERS`),
    ]),
    timeoutMs: timeLimitMs(environment, names("TIMEOUT"), DEFAULT_TIMEOUT_MS),
    isCompressed: oneOf(environment, names("COMPRESSION"), { none: false, gzip: true }),
    tls: tlsFiles(environment, [own, COMMON]),
  };
}

/** Where a signal can go: to a collector, to standard output, or to a scraper that fetches it. */
export type Exporter = "otlp" | "console" | "prometheus";

/** Reads the list of `OTEL_<SIGNAL>_EXPORTER`; empty for `none`, which stands alone. */
export function exporters(environment: Environment, signal: OtlpSignal): ReadonlySet<Exporter> {
  const option = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const text = environment[option]?.trim().toLowerCase() || "otlp";
  if (text === "none") return new Set();
  const known: readonly Exporter[] =
    signal === "metrics" ? ["otlp", "console", "prometheus"] : ["otlp", "console"];
  const found = text.split(",").map((part) => {
    const exporter = known.find((name) => name === part.trim());
    if (exporter !== undefined) return exporter;
    const reason = `${part} is not of ${known.join(", ")}, or none alone`;
    throw new AvxError("invalid_config", { option, reason });
  });
  return new Set(found);
}

/** A signal's own endpoint is used as it is; the common one gets the signal's path. */
function httpUrl(environment: Environment, signal: OtlpSignal, own: string): string {
  const ownUrl = environment[`${own}_ENDPOINT`];
  if (ownUrl !== undefined && ownUrl !== "") return checkedUrl(ownUrl, `${own}_ENDPOINT`);
  const option = `${COMMON}_ENDPOINT`;
  const base = checkedUrl(environment[option] || DEFAULT_ENDPOINTS.http, option);
  return `${base.replace(/\/+$/, "")}/v1/${signal}`;
}

/**
 * For gRPC an endpoint is a server: a path in it does not count. Without scheme `*_INSECURE` tells
 * whether the connection is plain.
 */
function grpcUrl(environment: Environment, signal: OtlpSignal, own: string): string {
  const option = environment[`${own}_ENDPOINT`] ? `${own}_ENDPOINT` : `${COMMON}_ENDPOINT`;
  const text = environment[option] || DEFAULT_ENDPOINTS.grpc;
  const isPlain = isTrue(
    environment,
    environment[`${own}_INSECURE`] ? `${own}_INSECURE` : `${COMMON}_INSECURE`,
  );
  const scheme = /^\w+:\/\//.test(text) ? "" : isPlain ? "http://" : "https://";
  const { origin } = new URL(checkedUrl(`${scheme}${text}`, option));
  return `${origin}/opentelemetry.proto.collector.${GRPC_SERVICES[signal]}/Export`;
}

function checkedUrl(text: string, option: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new AvxError("invalid_config", { option, reason: `${text} is not an http(s) URL` });
  }
  return text;
}
