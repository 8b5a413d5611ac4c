import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

let code = "";
beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, "index.ts"), formats: ["iife"], name: "analysis" },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !("output" in first)) throw new Error("vite built nothing");
  code = first.output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("\n");
});

describe("the browser build of analysis", () => {
  it("imports nothing, of Node or of anybody", () => {
    expect(code.length).toBeGreaterThan(10_000);
    expect(code).not.toMatch(/["']node:|\brequire\(|\bimport\b\s*[("'{*]|browser-external/);
  });

  it("forecasts where there is nothing but the language itself", () => {
    const bare = createContext({});
    const result: unknown = runInContext(
      `${code};
      const values = Array.from({ length: 96 }, (_, i) => 10 + Math.sin(i / 4) + (i % 5) / 10);
      const series = analysis.evenlySpaced(values, { stepMs: 60000 });
      const forecast = analysis.autoForecast(series, { horizon: 3, seasonSamples: [] });
      typeof process + " " + (forecast.mean ?? forecast.fallback.mean).length`,
      bare,
    );
    expect(result).toBe("undefined 3");
  });
});
