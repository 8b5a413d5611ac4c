import { METRIC_FAMILY_CONTENT_TYPE } from "@avx/wire";

/** A text format of `/metrics`. */
export type ExpositionFormat = "prometheus" | "openmetrics";
/** A format of `/metrics`, binary ones too. */
export type StreamFormat = ExpositionFormat | "protobuf";

/** Content types by format. */
export const EXPOSITION_CONTENT_TYPES: Readonly<Record<StreamFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  protobuf: METRIC_FAMILY_CONTENT_TYPE,
};

const MESSAGE = "proto=io.prometheus.client.metricfamily";
const DELIMITED = "encoding=delimited";

/**
 * The text format that an Accept header prefers. Plain text unless OpenMetrics is named with at
 * least the weight of what plain text gets: browsers and curl get what a person can read.
 */
export function negotiatedFormat(accept: string | undefined): ExpositionFormat {
  const { openmetrics, prometheus } = weights(accept ?? "");
  return openmetrics > 0 && openmetrics >= prometheus ? "openmetrics" : "prometheus";
}

/** As `negotiatedFormat`; protobuf when it is named with at least the weight of both text formats. */
export function negotiatedStreamFormat(accept: string | undefined): StreamFormat {
  const { openmetrics, prometheus, protobuf } = weights(accept ?? "");
  const isWanted = protobuf > 0 && protobuf >= Math.max(openmetrics, prometheus);
  return isWanted ? "protobuf" : negotiatedFormat(accept);
}

/** The weight that an Accept header gives each format; 0 when it does not name it. */
function weights(accept: string): Record<StreamFormat, number> {
  const found = { prometheus: 0, openmetrics: 0, protobuf: 0 };
  for (const part of accept.split(",")) {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    const format = formatOf(type, parameters);
    if (format !== undefined) found[format] = Math.max(found[format], q);
  }
  return found;
}

function formatOf(type: string, parameters: readonly string[]): StreamFormat | undefined {
  if (type === "application/openmetrics-text") return "openmetrics";
  if (type === "text/plain" || type === "text/*") return "prometheus";
  if (type !== "application/vnd.google.protobuf") return undefined;
  return parameters.includes(MESSAGE) && parameters.includes(DELIMITED) ? "protobuf" : undefined;
}
