/** A text format of `/metrics`. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** Content types by format. */
export const EXPOSITION_CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/**
 * The format that an Accept header prefers. Plain text unless OpenMetrics is named with at least
 * the weight of what plain text gets: browsers and curl get what a person can read.
 */
export function negotiatedFormat(accept: string | undefined): ExpositionFormat {
  if (accept === undefined) return "prometheus";
  let openMetrics = 0;
  let plain = 0;
  for (const part of accept.split(",")) {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    if (type === "application/openmetrics-text") openMetrics = Math.max(openMetrics, q);
    else if (type === "text/plain" || type === "text/*") plain = Math.max(plain, q);
  }
  return openMetrics > 0 && openMetrics >= plain ? "openmetrics" : "prometheus";
}
