import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseServerConfig } from "../config.ts";

const DEPLOY = join(import.meta.dirname, "../../../../deploy");
const SECRETS = { AVX_CLUSTER_PASSWORD: "secret", AVX_CLUSTER_SECRET: "secret" };

const text = (path: string): string => readFileSync(join(DEPLOY, path), "utf8");

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly image?: string;
}

// The file's own shape; a wrong one fails the expectations that read it.
const compose = parse(text("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const named = (prefix: string): [string, Service][] =>
  Object.entries(compose.services).filter(([name]) => name.startsWith(prefix));

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

const hasCompose = works("docker", "compose", "version");
const hasHelm = works("helm", "version");

describe("the compose file", () => {
  it("has two shards of two replicas, as the cluster's configuration names them", () => {
    const nodes = named("clickhouse-").map(([name, { environment }]) => {
      expect(name).toBe(`clickhouse-${environment?.["SHARD"]}${environment?.["REPLICA"]}`);
      return name;
    });
    expect(nodes.sort()).toEqual(["1a", "1b", "2a", "2b"].map((node) => `clickhouse-${node}`));
    const hosts = [...text("clickhouse/cluster.xml").matchAll(/<host>(clickhouse-\w+)<\/host>/g)];
    expect(hosts.map(([, host]) => host)).toEqual(nodes);
    const keepers = [...text("clickhouse/cluster.xml").matchAll(/<host>(keeper-\d)<\/host>/g)];
    expect(keepers.map(([, host]) => host)).toEqual(named("keeper-").map(([name]) => name));
  });

  it("starts servers with settings that are valid, other numbers, and each other as peers", () => {
    const servers = named("avx-").map(([name, { command = [], environment = {} }]) => {
      const env = Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          value.replaceAll(/\$\{\w+:\?\}/g, "secret"),
        ]),
      );
      return { name, ...parseServerConfig(command.slice(1), env) };
    });
    expect(servers.map(({ cluster }) => cluster?.writer)).toEqual([0, 1]);
    for (const { name, cluster, store } of servers) {
      expect(store).toBe("cluster");
      const others = servers.filter((server) => server.name !== name);
      expect(cluster?.peers).toEqual(others.map((server) => `http://${server.name}:8600`));
      expect(named("clickhouse-").map(([node]) => node)).toContain(new URL(cluster!.url).hostname);
    }
  });

  it.skipIf(!hasCompose)("is taken by docker compose", () => {
    const args = ["compose", "-f", join(DEPLOY, "compose.yaml"), "config", "--quiet"];
    const { status, stderr } = spawnSync("docker", args, { env: { ...process.env, ...SECRETS } });
    expect(`${status} ${stderr}`).toMatch(/^0/);
  });
});

describe("the chart", () => {
  it("names only settings that there are", () => {
    const template = text("helm/avx-telemetry/templates/statefulset.yaml");
    const flags = [...template.matchAll(/--([a-z-]+)=/g)].map(([, flag]) => flag!);
    const values = flags.map((flag) => `--${flag}=${flag === "store" ? "memory" : "127.0.0.1:1"}`);
    expect(() => parseServerConfig(values, {})).not.toThrow();
    const variables = [...template.matchAll(/\b(AVX_[A-Z_]+)\b/g)].map(([, name]) => name!);
    const known = readFileSync(join(DEPLOY, "../docs/reference/configuration.md"), "utf8");
    for (const variable of new Set(variables)) expect(known).toContain(`\`${variable}\``);
  });

  it.skipIf(!hasHelm)("is taken by helm", () => {
    for (const args of [["lint"], ["template", "avx"]]) {
      const { status, stderr } = spawnSync("helm", [...args, join(DEPLOY, "helm/avx-telemetry")]);
      expect(`${status} ${stderr}`).toMatch(/^0/);
    }
  });
});
