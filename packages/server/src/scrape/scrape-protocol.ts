import {
  type Exposition,
  METRIC_FAMILY_CONTENT_TYPE,
  parseMetricFamilies,
  parseOpenMetrics,
  parseTextExposition,
} from "@avx/wire";

/** A format by the name that `scrape_protocols` gives it, and what is asked for with it. */
const MEDIA_TYPES = {
  PrometheusProto: METRIC_FAMILY_CONTENT_TYPE.replaceAll("; ", ";"),
  "OpenMetricsText1.0.0": "application/openmetrics-text;version=1.0.0",
  "OpenMetricsText0.0.1": "application/openmetrics-text;version=0.0.1",
  "PrometheusText1.0.0": "text/plain;version=1.0.0",
  "PrometheusText0.0.4": "text/plain;version=0.0.4",
} as const;

/** A name of `scrape_protocols`. */
export type ScrapeProtocol = keyof typeof MEDIA_TYPES;

/** What is asked for unless the file says otherwise. */
export const TEXT_PROTOCOLS: readonly ScrapeProtocol[] = [
  "OpenMetricsText1.0.0",
  "OpenMetricsText0.0.1",
  "PrometheusText0.0.4",
];

const FORMATS = new Set(Object.values(MEDIA_TYPES).map(mediaType));

function mediaType(contentType: string): string {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Whether `scrape_protocols` may hold this. */
export function isScrapeProtocol(text: string): text is ScrapeProtocol {
  return Object.hasOwn(MEDIA_TYPES, text);
}

/** The header that asks for the formats in this order, and takes any other rather than nothing. */
export function acceptHeader(protocols: readonly ScrapeProtocol[]): string {
  const asked = protocols.map((protocol, i) => {
    const weight = (protocols.length - i + 3) / 10;
    return `${MEDIA_TYPES[protocol]};q=${weight}`;
  });
  return [...asked, "*/*;q=0.1"].join(",");
}

/** How a page is read. */
export interface PageFormat {
  readonly contentType: string;
  /** For content types that name no format. */
  readonly fallback: ScrapeProtocol;
  readonly alwaysClassic: boolean;
}

/** A page in the format that its content type names. */
export function parsePage(
  body: Uint8Array,
  { contentType, fallback, alwaysClassic }: PageFormat,
): Exposition {
  const sent = mediaType(contentType);
  const type = FORMATS.has(sent) ? sent : mediaType(MEDIA_TYPES[fallback]);
  if (type === "application/openmetrics-text") return parseOpenMetrics(body);
  if (type === "application/vnd.google.protobuf") {
    return parseMetricFamilies(body, { alwaysClassic });
  }
  return parseTextExposition(body);
}
