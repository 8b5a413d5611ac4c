import { AvxError } from "@avx/model";
import { MAX_WRITERS } from "@avx/store";

/** What is set of a cluster, checked. */
export interface ClusterConfig {
  readonly url: string;
  readonly name: string;
  /** This server's number among those in front of the cluster. */
  readonly writer: number;
  /** Main addresses of the other servers, such as `http://avx-1:8600`. */
  readonly peers: readonly string[];
  /** A PEM file; undefined: the authorities of the system. */
  readonly caFile: string | undefined;
}

/** The settings that belong to a cluster. */
export type ClusterSetting =
  | "cluster-url"
  | "cluster-name"
  | "cluster-writer"
  | "cluster-peers"
  | "cluster-ca";

/** Servers in front of one cluster that one of them asks. */
const MAX_PEERS = MAX_WRITERS - 1;

/** Throws AvxError `invalid_config` that names the option; a URL with a password is not repeated. */
export function parseClusterConfig(
  setting: (name: ClusterSetting, fallback: string) => string,
): ClusterConfig {
  const url = setting("cluster-url", "");
  if (!isHttpUrl(url)) throw invalid("cluster-url", "is not a URL such as https://user@host:8443");
  const name = setting("cluster-name", "avx");
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw invalid("cluster-name", `"${name}" has other characters than letters, digits and _ . -`);
  }
  const writerText = setting("cluster-writer", "0");
  const writer = /^\d{1,3}$/.test(writerText) ? Number(writerText) : MAX_WRITERS;
  if (writer >= MAX_WRITERS) {
    throw invalid("cluster-writer", `"${writerText}" is not a number from 0 to ${MAX_WRITERS - 1}`);
  }
  const peers = setting("cluster-peers", "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const wrong = peers.find((peer) => !isHttpUrl(peer));
  if (wrong !== undefined) throw invalid("cluster-peers", `"${wrong}" is not a URL`);
  if (peers.length > MAX_PEERS) throw invalid("cluster-peers", `names more than ${MAX_PEERS}`);
  return { url, name, writer, peers, caFile: setting("cluster-ca", "") || undefined };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function invalid(option: ClusterSetting, reason: string): AvxError {
  return new AvxError("invalid_config", { option: `--${option}`, reason });
}
