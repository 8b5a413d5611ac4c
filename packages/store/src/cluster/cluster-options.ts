/** Where a ClickHouse cluster is and who we are in it. */
export interface ClusterConnection {
  /** `https://user:password@host:8443`, or http within a network that is trusted. */
  readonly url: string;
  /** The cluster's name in its own configuration (`remote_servers`). */
  readonly cluster: string;
  /** The number of this server among those in front of the cluster, from 0 on; no two alike. */
  readonly writer: number;
  /** PEM text of the authority that signed the cluster's certificate; the system's when absent. */
  readonly ca?: string;
}

/** Servers in front of one cluster: each has tables of its own for metrics. */
export const MAX_WRITERS = 256;
