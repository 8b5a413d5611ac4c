/** What `avx serve --help` prints. */
export const SERVE_HELP = `usage: avx serve [options]

Runs the server: page and API on one port, OTLP on another, data in one directory.

  --listen HOST:PORT            page, API and ingest (127.0.0.1:8600)        AVX_LISTEN
  --otlp-listen HOST:PORT|off   OTLP over HTTP (127.0.0.1:4318)              AVX_OTLP_LISTEN
  --data-dir DIR                where data is kept (./data)                  AVX_DATA_DIR
  --otlp-grpc-listen HOST:PORT|off
                                OTLP over gRPC (127.0.0.1:4317)              AVX_OTLP_GRPC_LISTEN
  --config FILE                 scrape targets of a prometheus.yml (none)    AVX_CONFIG
  --store embedded|memory|cluster
                                embedded engine on disk, memory only, or a ClickHouse cluster
                                                                             AVX_STORE
  --cluster-url URL             https://user:password@host:8443              AVX_CLUSTER_URL
  --cluster-name NAME           its name in remote_servers (avx)             AVX_CLUSTER_NAME
  --cluster-writer N            this server's number among those in front of the cluster (0)
                                                                             AVX_CLUSTER_WRITER
  --cluster-peers URL,URL       the other servers' main addresses            AVX_CLUSTER_PEERS
  --cluster-ca FILE             PEM of the authority of the cluster's certificate
                                                                             AVX_CLUSTER_CA
  --retention DURATION|off      how long all data is kept, e.g. 30d          AVX_RETENTION
  --retention-metrics DURATION|off  metrics and documents (30d)              AVX_RETENTION_METRICS
  --retention-traces DURATION|off   spans (7d)                               AVX_RETENTION_TRACES
  --retention-logs DURATION|off     log records (7d)                         AVX_RETENTION_LOGS
  --engine-idle DURATION|off    the embedded engine's process ends after this time without a question,
                                and is back in a fifth of a second at the next (1m)
                                                                             AVX_ENGINE_IDLE
  --max-series N                series that may exist; samples of further ones are refused
                                (500000, memory store 100000)                AVX_MAX_SERIES
  --max-service-series N        the same of one service (200000, 80000)      AVX_MAX_SERVICE_SERIES
  --retention-rollups DURATION|off  5-minute roll-ups of metrics (400d)      AVX_RETENTION_ROLLUPS
  --enable-admin-api            deletion of series and snapshots over HTTP
  --accept-timestamps recent|any
                                recent refuses samples older than the retention and more than
                                10 minutes in the future (recent)            AVX_ACCEPT_TIMESTAMPS
  --enable-experimental-functions
                                PromQL functions that Prometheus marks experimental
  --query-workers N             threads for heavy queries; 0 = none (cores - 1, from 2 to 4)
                                                                             AVX_QUERY_WORKERS
  --detect SELECTOR             watch these series for anomalies, besides the golden signals;
                                may be repeated; one a line in               AVX_DETECT
  --findings-per-day N          findings shown of one service in 24 h (20)   AVX_FINDINGS_PER_DAY
  --log-format pretty|json      (pretty on a terminal, else json)            AVX_LOG_FORMAT
  --tls-cert FILE --tls-key FILE
                                PEM: HTTPS and gRPC over TLS on all ports    AVX_TLS_CERT AVX_TLS_KEY
  --allowed-hosts NAME,NAME     names besides localhost that a browser may use; * = all
                                                                             AVX_ALLOWED_HOSTS
  --insecure                    allow an address other than loopback without TLS or API keys
  --help
`;
