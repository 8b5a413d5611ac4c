import { AvxError } from "@avx/model";
import type { OtlpEncoding, OtlpSignal } from "@avx/wire";
import type { Environment } from "../environment.ts";
import { keyValueList, oneOf, wholeNumber } from "../environment-values.ts";

/** Where one signal is sent, and in which form. */
export interface SignalTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly encoding: OtlpEncoding;
  readonly isCompressed: boolean;
}

const COMMON = "OTEL_EXPORTER_OTLP";
const DEFAULT_TIMEOUT_MS = 10_000;
const ENCODINGS = { "http/protobuf": "protobuf", "http/json": "json" } as const;

/** Reads `OTEL_<SIGNAL>_EXPORTER` and `OTEL_EXPORTER_OTLP_*`. undefined = it is not exported. */
export function signalTarget(
  environment: Environment,
  signal: OtlpSignal,
): SignalTarget | undefined {
  const option = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  if (oneOf(environment, [option], { otlp: "otlp", none: "none" }) === "none") return undefined;
  const own = `${COMMON}_${signal.toUpperCase()}`;
  /** A signal's own variable wins over the common one. */
  const names = (part: string): string[] => [`${own}_${part}`, `${COMMON}_${part}`];
  return {
    url: endpoint(environment, signal, own),
    headers: Object.fromEntries([
      ...keyValueList(environment, `${COMMON}_HEADERS`),
      ...keyValueList(environment, `${own}_HEADERS`),
    ]),
    timeoutMs: wholeNumber(environment, names("TIMEOUT"), DEFAULT_TIMEOUT_MS),
    encoding: oneOf(environment, names("PROTOCOL"), ENCODINGS),
    isCompressed: oneOf(environment, names("COMPRESSION"), { none: false, gzip: true }),
  };
}

/** A signal's own endpoint is used as it is; the common one gets the signal's path. */
function endpoint(environment: Environment, signal: OtlpSignal, own: string): string {
  const ownUrl = environment[`${own}_ENDPOINT`];
  if (ownUrl !== undefined && ownUrl !== "") return checkedUrl(ownUrl, `${own}_ENDPOINT`);
  const option = `${COMMON}_ENDPOINT`;
  const base = checkedUrl(environment[option] || "http://localhost:4318", option);
  return `${base.replace(/\/+$/, "")}/v1/${signal}`;
}

function checkedUrl(text: string, option: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new AvxError("invalid_config", { option, reason: `${text} is not an http(s) URL` });
  }
  return text;
}
