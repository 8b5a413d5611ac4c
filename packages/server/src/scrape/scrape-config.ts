import type { OtlpNames } from "./parse-otlp-names.ts";
import type { RelabelRule } from "./relabel.ts";
import type { ScrapeProtocol } from "./scrape-protocol.ts";

/** How requests to a target or a discovery service identify themselves and check the other side. */
export interface HttpClientConfig {
  readonly basicAuth: { readonly username: string; readonly password: Secret } | undefined;
  readonly authorization: { readonly type: string; readonly credentials: Secret } | undefined;
  readonly tls: TlsConfig;
  readonly followRedirects: boolean;
  /** Further headers of every request, each with its values. */
  readonly headers: readonly (readonly [string, readonly Secret[]])[];
}

/** A secret in the file itself, or the file that it is read from at every request. */
export type Secret = { readonly text: string } | { readonly file: string };

/** Certificates as PEM texts or files; absent: the system's authorities and no client certificate. */
export interface TlsConfig {
  readonly ca?: Secret;
  readonly cert?: Secret;
  readonly key?: Secret;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}

/** Addresses with labels, as every discovery gives them. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Where targets come from. */
export type DiscoveryConfig =
  | { readonly kind: "static"; readonly groups: readonly TargetGroup[] }
  | { readonly kind: "file"; readonly files: readonly string[]; readonly refreshMs: number }
  | {
      readonly kind: "http";
      readonly url: string;
      readonly client: HttpClientConfig;
      readonly refreshMs: number;
    }
  | {
      readonly kind: "dns";
      readonly names: readonly string[];
      readonly type: "SRV" | "A" | "AAAA" | "MX" | "NS";
      readonly port: number;
      readonly refreshMs: number;
    };

/** What a scrape may bring; 0 = no limit. */
export interface ScrapeLimits {
  readonly samples: number;
  readonly labels: number;
  readonly labelNameBytes: number;
  readonly labelValueBytes: number;
  readonly bodyBytes: number;
  readonly targets: number;
}

/** One entry of `scrape_configs` with everything filled in from `global` and the defaults. */
export interface ScrapeJob {
  readonly name: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: "http" | "https";
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly client: HttpClientConfig;
  readonly discoveries: readonly DiscoveryConfig[];
  readonly relabelRules: readonly RelabelRule[];
  readonly metricRelabelRules: readonly RelabelRule[];
  readonly limits: ScrapeLimits;
  /** Formats that are asked for, the best liked first. */
  readonly protocols: readonly ScrapeProtocol[];
  /** What a page is read as whose content type says nothing that is known. */
  readonly fallbackProtocol: ScrapeProtocol;
  /** Whether limits, timeout and size of the page are reported too. */
  readonly extraMetrics: boolean;
  /** Classic buckets of histograms that have native ones too. */
  readonly alwaysClassicHistograms: boolean;
  /** The job's part of the file in one canonical text: equal texts are equal jobs. */
  readonly identity: string;
}

/** What is used of a `prometheus.yml`. */
export interface ScrapeConfig {
  /** As in Prometheus, not added to what is stored here. */
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly jobs: readonly ScrapeJob[];
  readonly otlpNames: OtlpNames;
  /** One line for every key that is ignored. */
  readonly warnings: readonly string[];
}
