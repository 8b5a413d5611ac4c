import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.{ts,tsx}",
            "services/*/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["packages/{analysis,model,wire,promql,sre}/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/fixtures/**", "**/testing/**", "**/index.ts"],
      reporter: ["text-summary"],
      // Each pure package by itself, so that a well-tested one cannot hide another.
      thresholds: Object.fromEntries(
        ["analysis", "model", "wire", "promql", "sre"].map((name) => [
          `packages/${name}/src/**/*.ts`,
          { lines: 80 },
        ]),
      ),
    },
  },
});
