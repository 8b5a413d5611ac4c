import type { Operation } from "./operation.ts";

/** Routes about the server itself: rules, targets, status, health. */
export const STATUS_OPERATIONS: Readonly<Record<string, Operation>> = {
  "/api/v1/rules": {
    summary: "Recording and alerting rules (none yet)",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/alerts": { summary: "Active alerts (none yet)", tag: "status", methods: ["get"] },
  "/api/v1/alertmanagers": { summary: "Alertmanagers (none)", tag: "status", methods: ["get"] },
  "/api/v1/targets": {
    summary: "Scrape targets and how their last scrape went",
    tag: "status",
    methods: ["get"],
    parameters: { state: "active, dropped or any", scrapePool: "name of one job" },
  },
  "/api/v1/targets/metadata": {
    summary: "Metadata by scrape target",
    tag: "status",
    methods: ["get"],
    parameters: {
      match_target: "selector of the targets' labels",
      metric: "one metric only",
      limit: "at most so many entries",
    },
  },
  "/api/v1/targets/relabel_steps": {
    summary: "What each relabelling rule of a job makes of some labels",
    tag: "status",
    methods: ["get"],
    parameters: { "scrapePool*": "name of one job", "labels*": "object of labels, as JSON" },
  },
  "/api/v1/scrape_pools/config": {
    summary: "One job with everything filled in, as YAML",
    tag: "status",
    methods: ["get"],
    parameters: { "scrapePool*": "name of one job" },
  },
  "/api/v1/features": {
    summary: "What the server and its query language can do, by Prometheus' names",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/scrape_pools": { summary: "Names of scrape jobs", tag: "status", methods: ["get"] },
  "/-/reload": {
    summary: "Reads the file of --config again",
    tag: "status",
    methods: ["post"],
  },
  "/api/v1/notifications": {
    summary: "Notices to operators (none)",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/status/buildinfo": { summary: "Version", tag: "status", methods: ["get"] },
  "/api/v1/status/config": { summary: "Configuration file", tag: "status", methods: ["get"] },
  "/api/v1/status/flags": { summary: "Options in force", tag: "status", methods: ["get"] },
  "/api/v1/status/runtimeinfo": {
    summary: "State of the process",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/status/tsdb": {
    summary: "Cardinality",
    tag: "status",
    methods: ["get"],
    parameters: { limit: "rows in each list, 10 when absent" },
  },
  "/api/avx/data": {
    summary: "What is sent, by metric, service and label, and how good the data of each service is",
    tag: "status",
    methods: ["get"],
  },
  "/api/avx/storage": {
    summary: "Bytes on disk by signal, and what they will be at full retention",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/status/tsdb/blocks": {
    summary: "Blocks of a TSDB (none: the engine has rows)",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/status/walreplay": {
    summary: "Progress of the replay of the log, which is over before the server listens",
    tag: "status",
    methods: ["get"],
  },
  "/api/v1/status/self_metrics": {
    summary: "Metrics of the server itself as JSON",
    tag: "status",
    methods: ["get"],
    parameters: { metric_name_pattern: "regex of whole names" },
  },
  "/api/v1/admin/tsdb/delete_series": {
    summary: "Deletes samples of the selected series; needs --enable-admin-api",
    tag: "status",
    methods: ["post", "put"],
    parameters: {
      "match[]*": "series selector; may be repeated",
      start: "start of the time range, inclusive; all time when absent",
      end: "end of the time range, inclusive",
    },
  },
  "/api/v1/admin/tsdb/clean_tombstones": {
    summary: "Frees the space of deleted samples; needs --enable-admin-api",
    tag: "status",
    methods: ["post", "put"],
  },
  "/api/v1/admin/tsdb/snapshot": {
    summary: "Makes a copy of all data below the data directory; needs --enable-admin-api",
    tag: "status",
    methods: ["post", "put"],
    parameters: { skip_head: "true leaves out samples that are in memory only" },
  },
  "/-/healthy": { summary: "200 while the process lives", tag: "status", methods: ["get"] },
  "/-/ready": {
    summary: "200 once queries and ingest are served, else 503",
    tag: "status",
    methods: ["get"],
  },
  "/metrics": { summary: "Metrics of the server itself", tag: "status", methods: ["get"] },
};
