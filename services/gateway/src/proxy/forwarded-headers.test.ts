import { describe, expect, it } from "vitest";
import { callerResponseHeaders, upstreamRequestHeaders } from "./forwarded-headers.ts";

const connection = {
  peerAddress: "10.0.0.7",
  scheme: "http",
  contextHeaders: [["x-avx-stack", "Avx"]],
} as const;

describe("upstreamRequestHeaders", () => {
  it("drops the headers of the hop, those named in Connection too (RFC 9110, 7.6.1)", () => {
    const headers = upstreamRequestHeaders(
      {
        connection: "close, X-Private",
        "x-private": "1",
        "keep-alive": "timeout=5",
        te: "trailers",
        "transfer-encoding": "chunked",
        upgrade: "h2c",
        "proxy-authorization": "Basic x",
        accept: "*/*",
      },
      connection,
    );
    expect(Object.keys(headers).sort()).toEqual([
      "accept",
      "via",
      "x-avx-stack",
      "x-forwarded-for",
      "x-forwarded-proto",
    ]);
  });

  it("sets anew what a caller may not say about itself", () => {
    const headers = upstreamRequestHeaders(
      {
        host: "shop.example",
        "x-avx-stack": "forged",
        "x-avx-admin": "true",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        forwarded: "for=1.2.3.4",
        "x-real-ip": "1.2.3.4",
        traceparent: "00-1-2-3",
        cookie: "a=1",
      },
      connection,
    );
    expect({ ...headers }).toEqual({
      cookie: "a=1",
      via: "1.1 avx-gateway",
      "x-avx-stack": "Avx",
      "x-forwarded-for": "10.0.0.7",
      "x-forwarded-host": "shop.example",
      "x-forwarded-proto": "http",
    });
  });

  it("adds itself to the proxies that came before", () => {
    const headers = upstreamRequestHeaders({ via: "1.0 edge" }, connection);
    expect(headers["via"]).toBe("1.0 edge, 1.1 avx-gateway");
  });
});

describe("callerResponseHeaders", () => {
  it("keeps repeated headers apart and drops the hop's and the upstream's x-avx-*", () => {
    const headers = callerResponseHeaders({
      "set-cookie": ["a=1", "b=2"],
      "content-type": "text/plain",
      connection: "keep-alive",
      "keep-alive": "timeout=5",
      "transfer-encoding": "chunked",
      "x-avx-layer": "core",
    });
    expect({ ...headers }).toEqual({ "set-cookie": ["a=1", "b=2"], "content-type": "text/plain" });
  });
});
