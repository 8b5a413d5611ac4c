import type { KnipConfig } from "knip";

const config: KnipConfig = {
  workspaces: {
    ".": {
      entry: ["scripts/*.ts", "bench/*.ts", "e2e/**/*.test.ts", "scripts/guards/*.test.ts"],
      project: ["scripts/**/*.ts", "bench/**/*.ts", "e2e/**/*.ts"],
    },
    "packages/*": {
      entry: ["src/index.ts", "src/**/*.test.{ts,tsx}"],
      project: ["src/**/*.{ts,tsx}"],
    },
    "packages/dashboard": {
      entry: ["src/main.tsx", "index.html", "src/**/*.test.{ts,tsx}", "src/testing/*.ts"],
      project: ["src/**/*.{ts,tsx}"],
    },
    "packages/sdk": {
      entry: ["src/index.ts", "src/avx-metrics/index.ts", "src/**/*.test.ts"],
      project: ["src/**/*.ts"],
    },
    "packages/avx-telemetry": {
      entry: ["bin/avx.js", "src/*.ts"],
      project: ["src/**/*.ts", "bin/*.js"],
    },
    "services/*": {
      entry: ["src/main.ts", "src/**/*.test.ts"],
      project: ["src/**/*.ts"],
    },
  },
};

export default config;
