import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { composeServer, type RunningServer } from "../compose.ts";
import { parseServerConfig } from "../config.ts";
import { createKey } from "./api-key.ts";
import { type CertificatePair, selfSigned } from "./fixtures/self-signed.ts";
import { KeyFolder } from "./key-folder.ts";
import type { Role } from "./roles.ts";

const directory = mkdtempSync(join(tmpdir(), "avx-secured-"));
const [first, second] = [selfSigned(directory, "first"), selfSigned(directory, "second")];
const inUse = { key: join(directory, "key.pem"), cert: join(directory, "cert.pem") };
const EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

function use({ key, cert }: CertificatePair): void {
  copyFileSync(key, inUse.key);
  copyFileSync(cert, inUse.cert);
}

describe.skipIf(first === undefined)(
  first === undefined ? "a secured server: needs openssl on the path" : "a secured server",
  () => {
    let server: RunningServer;
    const lines: string[] = [];
    const secrets = new Map<Role, string>();

    beforeAll(async () => {
      use(first!);
      const dataDir = join(directory, "data");
      for (const role of ["ingest", "read", "admin"] as const) {
        const wanted = { name: role, role, createdMs: Date.now(), expiresMs: null };
        const { secret, key } = createKey(wanted);
        new KeyFolder(dataDir).add(key);
        secrets.set(role, secret);
      }
      const ports = ["--listen", "--otlp-listen", "--otlp-grpc-listen"];
      const argv = [
        ...ports.flatMap((port) => [port, "0.0.0.0:0"]),
        ...["--tls-cert", inUse.cert, "--tls-key", inUse.key],
        ...["--store", "memory", "--data-dir", dataDir, "--query-workers", "0"],
      ];
      server = await composeServer(parseServerConfig(argv, {}), {
        ...{ nowMs: () => Date.now(), version: "0.0.0-test" },
        log: (level, message, facts) => lines.push(JSON.stringify({ level, message, ...facts })),
      });
    });
    afterAll(async () => {
      await server.close();
      rmSync(directory, { recursive: true });
    });

    const ca = (): Buffer => readFileSync(inUse.cert);

    const ask = (path: string, role?: Role, options: object = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = role ? { authorization: `Bearer ${secrets.get(role)}` } : {};
        const { port } = server.address;
        const call = request(
          { host: "127.0.0.1", port, path, ca: ca(), agent: false, headers, ...options },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        );
        call.once("error", reject).end();
      });

    const subjectOf = (port: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const options = { host: "127.0.0.1", port, ca: ca(), ALPNProtocols: ["h2", "http/1.1"] };
        const socket = connect(options, () => {
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        });
        socket.once("error", reject);
      });

    const exportLogs = (authorization: string): Promise<number> =>
      new Promise((resolve) => {
        const at = `127.0.0.1:${server.otlpGrpcAddress?.port}`;
        const client = new Client(at, credentials.createSsl(ca()));
        onTestFinished(() => client.close());
        const metadata = new Metadata();
        if (authorization !== "") metadata.set("authorization", authorization);
        const raw = (bytes: Buffer): Buffer => bytes;
        const done = (error: ServiceError | null): void => resolve(error?.code ?? status.OK);
        client.makeUnaryRequest(EXPORT, raw, raw, Buffer.alloc(0), metadata, done);
      });

    it("speaks TLS and asks for a key on the main port", async () => {
      expect(await ask("/api/v1/query?query=1")).toBe(401);
      expect(await ask("/api/v1/query?query=1", "read")).toBe(200);
      expect(await ask("/api/v1/query?query=1", "ingest")).toBe(403);
      const plain = fetch(`http://127.0.0.1:${server.address.port}/-/healthy`);
      await expect(plain).rejects.toThrow();
    });

    it("does so on the port of OTLP over HTTP", async () => {
      const options = { port: server.otlpAddress?.port, method: "POST" };
      expect(await ask("/v1/logs", undefined, options)).toBe(401);
      // No content type: the door itself has answered.
      expect(await ask("/v1/logs", "ingest", options)).toBe(415);
    });

    it("does so over gRPC, before a message is read", async () => {
      expect(await exportLogs("")).toBe(status.UNAUTHENTICATED);
      expect(await exportLogs("Bearer avx_wrong")).toBe(status.UNAUTHENTICATED);
      expect(await exportLogs(`Bearer ${secrets.get("read")}`)).toBe(status.PERMISSION_DENIED);
      expect(await exportLogs(`Bearer ${secrets.get("ingest")}`)).toBe(status.OK);
    });

    it("takes up a new certificate on all ports, and keeps the old one when it is wrong", async () => {
      const ports = [server.address, server.otlpAddress, server.otlpGrpcAddress];
      const subjects = () => Promise.all(ports.map((address) => subjectOf(address?.port ?? 0)));
      expect(await subjects()).toEqual(["first", "first", "first"]);
      use(second!);
      expect(
        await ask("/-/reload", "read", { method: "POST", ca: readFileSync(first!.cert) }),
      ).toBe(403);
      expect(
        await ask("/-/reload", "admin", { method: "POST", ca: readFileSync(first!.cert) }),
      ).toBe(200);
      expect(await subjects()).toEqual(["second", "second", "second"]);
      writeFileSync(inUse.key, "no key");
      expect(await ask("/-/reload", "admin", { method: "POST" })).toBe(500);
      expect(await subjects()).toEqual(["second", "second", "second"]);
    });

    it("writes who did what, and no secret", async () => {
      const audit = lines.filter((line) => line.includes('"audit"'));
      expect(audit.length).toBeGreaterThanOrEqual(3);
      expect(audit[0]).toMatch(/"path":"\/-\/reload","status":403,"key":"\w{8}","name":"read"/);
      for (const secret of secrets.values()) expect(lines.join()).not.toContain(secret);
    });
  },
);
