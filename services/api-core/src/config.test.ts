import { describe, expect, it } from "vitest";
import { apiCoreConfig } from "./config.ts";

describe("apiCoreConfig", () => {
  it("finds the server on this machine and fails no request by itself", () => {
    expect(apiCoreConfig([], {})).toMatchObject({
      host: "127.0.0.1",
      port: 8081,
      serverUrl: "http://127.0.0.1:8600",
      errorRatio: 0,
    });
  });

  it("takes flags over variables", () => {
    const environment = { PORT: "1", AVX_SERVER_URL: "http://a:1", AVX_ERROR_RATIO: "0.5" };
    expect(apiCoreConfig(["--port", "2"], environment)).toMatchObject({
      port: 2,
      serverUrl: "http://a:1",
      errorRatio: 0.5,
    });
  });

  it.each([
    [["--port", "-1"], "arguments"],
    [["--port", "99999"], "--port"],
    [["--server", "here"], "--server"],
    [["--error-ratio", "2"], "--error-ratio"],
    [["--error-ratio", ""], "--error-ratio"],
  ])("refuses %s, naming %s", (args, option) => {
    expect(() => apiCoreConfig(args, {})).toThrow(new RegExp(`^${option}: `));
  });
});
