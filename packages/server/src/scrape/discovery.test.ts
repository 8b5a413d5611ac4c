import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDiscovery, parseGroups } from "./discovery.ts";
import { servePage } from "./fixtures/scrape-lab.ts";
import { fetchPage } from "./http-client.ts";
import type { HttpClientConfig } from "./scrape-config.ts";

const PLAIN: HttpClientConfig = {
  basicAuth: undefined,
  authorization: { type: "Bearer", credentials: { text: "secret" } },
  tls: { insecureSkipVerify: false },
  followRedirects: true,
  headers: [],
};

/** Bytes of a name as RFC 1035 writes them. */
const nameBytes = (name: string): Buffer =>
  Buffer.concat([
    ...name.split(".").map((part) => Buffer.from([part.length, ...Buffer.from(part)])),
    Buffer.of(0),
  ]);

/** A resolver whose name server (RFC 1035) on loopback answers every question with these records. */
async function answerDns(type: number, records: readonly Buffer[]): Promise<Resolver> {
  const socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) => {
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    const answers = records.map((data) => {
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(type, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(60, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([header, asked, ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    socket.close();
  });
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return resolver;
}

describe("discovery by DNS", () => {
  it("takes host and port of SRV records", async () => {
    const srv = Buffer.concat([Buffer.of(0, 1, 0, 1, 9100 >> 8, 9100 & 255), nameBytes("a.test")]);
    const resolver = await answerDns(33, [srv]);
    const names = ["_metrics._tcp.test"];
    const config = { kind: "dns", names, type: "SRV", port: 0, refreshMs: 30_000 } as const;
    expect(await createDiscovery(config, resolver).find()).toEqual([
      {
        targets: ["a.test:9100"],
        labels: {
          __meta_dns_name: "_metrics._tcp.test",
          __meta_dns_srv_record_target: "a.test",
          __meta_dns_srv_record_port: "9100",
        },
      },
    ]);
  });

  it("takes the addresses of A records with the port of the configuration", async () => {
    const resolver = await answerDns(1, [Buffer.of(10, 0, 0, 1), Buffer.of(10, 0, 0, 2)]);
    const config = { kind: "dns", names: ["x.test"], type: "A", port: 80, refreshMs: 1 } as const;
    const found = await createDiscovery(config, resolver).find();
    expect(found.flatMap(({ targets }) => targets).sort()).toEqual(["10.0.0.1:80", "10.0.0.2:80"]);
  });
});

describe("discovery by HTTP", () => {
  it("refuses an answer that is not application/json", async () => {
    const page = await servePage("[]");
    const url = `http://${page.address}/`;
    const discovery = createDiscovery({ kind: "http", url, client: PLAIN, refreshMs: 1 });
    await expect(discovery.find()).rejects.toThrow("not application/json");
  });

  it.each(['{"targets": []}', '[{"targets": ["http://a/"]}]', '[{"targets": "a"}]', "["])(
    "refuses %s",
    (text) => {
      expect(() => parseGroups(text, "sd", "__meta_url")).toThrow(/sd line 1/);
    },
  );
});

describe("fetchPage", () => {
  const ask = (address: string, maxBytes = 0) =>
    fetchPage({
      ...{ url: `http://${address}/`, client: PLAIN, timeoutMs: 5000, maxBytes, headers: {} },
    });

  it("follows a redirect, and keeps its secret from another host", async () => {
    const there = await servePage("a 1\n");
    const here = createServer((_, reply) => {
      reply.writeHead(302, { location: `http://${there.address}/moved` }).end();
    });
    await new Promise<void>((resolve) => here.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      here.close();
    });
    const bound = here.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    const { body } = await ask(`127.0.0.1:${port}`);
    expect(new TextDecoder().decode(body)).toBe("a 1\n");
    expect(there.asked[0]).toMatchObject({ url: "/moved" });
    expect(there.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("inflates a page within the limit and refuses one beyond it", async () => {
    const zipped = gzipSync("a 1\n".repeat(1000));
    const server = createServer((_, reply) => {
      reply.writeHead(200, { "content-encoding": "gzip" }).end(zipped);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    const bound = server.address();
    const address = `127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
    expect((await ask(address)).body).toHaveLength(4000);
    await expect(ask(address, 3999)).rejects.toThrow("body_size_limit of 3999");
  });

  it("gives up when the target does not answer in time", async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    const url = `http://127.0.0.1:${port}/`;
    const page = { url, client: PLAIN, timeoutMs: 20, maxBytes: 0, headers: {} };
    await expect(fetchPage(page)).rejects.toThrow("no answer within 20 ms");
  });
});
