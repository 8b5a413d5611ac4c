import { Resolver } from "node:dns/promises";
import { glob, readFile } from "node:fs/promises";
import { fetchPage } from "./http-client.ts";
import { parseGroup } from "./parse-discovery.ts";
import type { DiscoveryConfig, TargetGroup } from "./scrape-config.ts";
import { parseYamlList } from "./yaml-section.ts";

/** How long a discovery service may take to answer. */
const HTTP_TIMEOUT_MS = 10_000;
/** A name server that does not answer is asked again once. */
const DNS_TRIES = { timeout: 5000, tries: 2 };
const MAX_HTTP_BYTES = 8 * 1024 * 1024;
/** Files are read again this often, so that a new target is not waited for until a refresh is due. */
const FILE_POLL_MS = 5000;

/** Finds targets; fails with an error when they could not be found out: the known ones stay. */
export interface Discovery {
  /** Undefined: asked once. */
  readonly refreshMs: number | undefined;
  find(): Promise<readonly TargetGroup[]>;
}

/** The discovery that a configuration describes. */
export function createDiscovery(
  config: DiscoveryConfig,
  resolver: Resolver = new Resolver(DNS_TRIES),
): Discovery {
  switch (config.kind) {
    case "static":
      return { refreshMs: undefined, find: async () => config.groups };
    case "file":
      return fileDiscovery(config);
    case "http":
      return { refreshMs: config.refreshMs, find: () => findByHttp(config) };
    case "dns":
      return { refreshMs: config.refreshMs, find: () => findByDns(config, resolver) };
  }
}

function fileDiscovery({
  files,
  refreshMs,
}: Extract<DiscoveryConfig, { kind: "file" }>): Discovery {
  /** A file that cannot be read for a moment, as it is being written, keeps its targets. */
  const lastGood = new Map<string, readonly TargetGroup[]>();
  const find = async (): Promise<readonly TargetGroup[]> => {
    const present = new Set<string>();
    const errors: string[] = [];
    for (const pattern of files) {
      for await (const path of glob(pattern)) {
        present.add(path);
        try {
          lastGood.set(path, parseGroups(await readFile(path, "utf8"), path, "__meta_filepath"));
        } catch (error) {
          errors.push(error instanceof Error ? error.message : String(error));
        }
      }
    }
    for (const path of lastGood.keys()) if (!present.has(path)) lastGood.delete(path);
    if (errors.length > 0 && lastGood.size === 0) throw new Error(errors.join("; "));
    return [...lastGood.values()].flat();
  };
  return { refreshMs: Math.min(refreshMs, FILE_POLL_MS), find };
}

async function findByHttp({
  url,
  client,
}: Extract<DiscoveryConfig, { kind: "http" }>): Promise<readonly TargetGroup[]> {
  const { contentType, body } = await fetchPage({
    ...{ url, client, timeoutMs: HTTP_TIMEOUT_MS, maxBytes: MAX_HTTP_BYTES },
    headers: { accept: "application/json" },
  });
  if (!/^application\/json\b/i.test(contentType.trim())) {
    throw new Error(`${url} answered ${contentType || "no content type"}, not application/json`);
  }
  return parseGroups(new TextDecoder().decode(body), url, "__meta_url");
}

/** A list of groups; JSON is YAML too. */
export function parseGroups(text: string, name: string, metaLabel: string): TargetGroup[] {
  return parseYamlList(text, name).map((section) => {
    const { targets, labels } = parseGroup(section);
    return { targets, labels: { ...labels, [metaLabel]: name } };
  });
}

type DnsConfig = Extract<DiscoveryConfig, { kind: "dns" }>;

async function findByDns(config: DnsConfig, resolver: Resolver): Promise<readonly TargetGroup[]> {
  const groups = await Promise.all(config.names.map((name) => lookUp(name, config, resolver)));
  return groups.flat();
}

async function lookUp(
  name: string,
  { type, port }: DnsConfig,
  resolver: Resolver,
): Promise<TargetGroup[]> {
  const meta = { __meta_dns_name: name };
  const withPort = (host: string): TargetGroup => ({
    targets: [`${host.includes(":") ? `[${host}]` : host}:${port}`],
    labels: meta,
  });
  if (type === "A") return (await resolver.resolve4(name)).map(withPort);
  if (type === "AAAA") return (await resolver.resolve6(name)).map(withPort);
  if (type === "NS") return (await resolver.resolveNs(name)).map(withPort);
  if (type === "MX") {
    return (await resolver.resolveMx(name)).map(({ exchange }) => withPort(exchange));
  }
  return (await resolver.resolveSrv(name)).map(({ name: host, port: srvPort }) => ({
    targets: [`${host}:${srvPort}`],
    labels: {
      ...meta,
      __meta_dns_srv_record_target: host,
      __meta_dns_srv_record_port: String(srvPort),
    },
  }));
}
