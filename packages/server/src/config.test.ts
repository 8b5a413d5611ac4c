import { describe, expect, it } from "vitest";
import { requireSafeAddress } from "./access/require-safe-address.ts";
import { parseServerConfig } from "./config.ts";
import { SERVE_HELP } from "./config-help.ts";

const parse = (line: string, env: Record<string, string> = {}) =>
  parseServerConfig(line.split(" ").filter(Boolean), env);

describe("server configuration", () => {
  it("is complete without any flag, and open to this machine only", () => {
    expect(parse("")).toMatchObject({
      listen: { host: "127.0.0.1", port: 8600 },
      otlpListen: { host: "127.0.0.1", port: 4318 },
      otlpListenRequired: false,
      otlpGrpcListen: { host: "127.0.0.1", port: 4317 },
      otlpGrpcListenRequired: false,
      store: "embedded",
      retentionMs: 30 * 86_400_000,
      acceptTimestamps: "recent",
    });
  });

  it("takes a flag before a variable before the default", () => {
    const env = { AVX_LISTEN: "127.0.0.1:1", AVX_STORE: "memory" };
    const config = parse("--listen 127.0.0.1:2", env);
    expect(config.listen.port).toBe(2);
    expect(config.store).toBe("memory");
  });

  it("reads retention as a Prometheus duration or off", () => {
    expect(parse("--retention 1w2d").retentionMs).toBe(9 * 86_400_000);
    expect(parse("--retention off").retentionMs).toBe("off");
  });

  it("parks the engine after a minute, after what is said, or not at all", () => {
    expect(parse("").engineIdleMs).toBe(60_000);
    expect(parse("--engine-idle 5m").engineIdleMs).toBe(300_000);
    expect(parse("", { AVX_ENGINE_IDLE: "off" }).engineIdleMs).toBe("off");
    for (const text of ["999ms", "25h", "soon"]) {
      expect(() => parse(`--engine-idle ${text}`)).toThrow("--engine-idle");
    }
  });

  it("keeps metrics 30 days, spans and log records 7, or what is said of all or of one", () => {
    const kept = (line: string, env = {}) => {
      const { retentionMs, traceRetentionMs, logRetentionMs } = parse(line, env);
      return [retentionMs, traceRetentionMs, logRetentionMs].map((ms) => Number(ms) / 86_400_000);
    };
    expect(kept("")).toEqual([30, 7, 7]);
    expect(kept("--retention 3d")).toEqual([3, 3, 3]);
    expect(kept("--retention-logs 2d --retention 3d")).toEqual([3, 3, 2]);
    expect(kept("--retention-metrics 90d", { AVX_RETENTION_TRACES: "1d" })).toEqual([90, 1, 7]);
    expect(parse("--retention-traces off").traceRetentionMs).toBe("off");
    expect(parse("--retention 3d").rollupRetentionMs).toBe(400 * 86_400_000);
    expect(parse("--retention-rollups 90d").rollupRetentionMs).toBe(90 * 86_400_000);
  });

  it("reads IPv6 addresses and switches OTLP off", () => {
    expect(parse("--listen [::1]:9").listen).toEqual({ host: "::1", port: 9 });
    expect(parse("--otlp-listen off").otlpListen).toBeUndefined();
    expect(parse("--otlp-grpc-listen off").otlpGrpcListen).toBeUndefined();
  });

  it.each([
    ["--listen nonsense", "--listen", "HOST:PORT"],
    ["--listen 127.0.0.1:70000", "--listen", "HOST:PORT"],
    ["--store disk", "--store", "embedded, memory"],
    ["--retention 5", "--retention", "duration"],
    ["--retention 10s", "--retention", "at least 1h"],
    ["--retention-logs 1m", "--retention-logs", "at least 1h"],
    ["--accept-timestamps some", "--accept-timestamps", "recent, any"],
    ["--frobnicate", "command line", "frobnicate"],
  ])("refuses %s, naming the option and what is wrong", (line, option, words) => {
    expect(() => parse(line)).toThrowError(expect.objectContaining({ code: "invalid_config" }));
    expect(() => parse(line)).toThrowError(option);
    expect(() => parse(line)).toThrowError(words);
  });

  it("refuses an address that others can reach, unless asked twice", () => {
    expect(() => parse("--listen 0.0.0.0:8600")).toThrowError("--insecure");
    expect(() => parse("--listen :8600")).toThrowError("--insecure");
    expect(() => parse("--otlp-grpc-listen 0.0.0.0:4317")).toThrowError("--otlp-grpc-listen");
    expect(() => parse("--listen 0.0.0.0:8600")).toThrowError("--tls-cert");
    expect(parse("--listen 0.0.0.0:8600 --insecure").listen.host).toBe("0.0.0.0");
    const withTls = parse("--listen 0.0.0.0:8600 --tls-cert a --tls-key b");
    expect(withTls.tls).toEqual({ certFile: "a", keyFile: "b" });
    expect(() => requireSafeAddress(withTls, false)).toThrowError(/^--listen: .*avx keys create/);
    expect(() => requireSafeAddress(withTls, true)).not.toThrow();
  });

  it("takes TLS as a pair, and hosts as names", () => {
    expect(() => parse("--tls-cert a")).toThrowError("--tls-key");
    expect(() => parse("", { AVX_TLS_KEY: "b" })).toThrowError("--tls-cert");
    expect(parse("--allowed-hosts a.example,[::2],*").allowedHosts).toHaveLength(3);
    expect(() => parse("--allowed-hosts https://a.example")).toThrowError("--allowed-hosts");
  });

  it("has a line of help for every flag", () => {
    for (const flag of ["listen", "otlp-listen", "data-dir", "store", "retention", "insecure"]) {
      expect(SERVE_HELP).toContain(`--${flag}`);
    }
  });
});
