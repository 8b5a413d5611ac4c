import type { KnipConfig } from "knip";

const config: KnipConfig = {
  // An export that its own file uses as well is at worst an unneeded keyword, not dead code.
  ignoreExportsUsedInFile: true,
  // Types that appear in exported signatures must be exported to be named.
  rules: { types: "off" },
  // Run by path (scripts/check.ts), or named by tsconfig's jsx setting.
  ignoreDependencies: [
    "@biomejs/biome",
    "preact",
    // The rival in bench/sdk-http.ts, taken from a folder that its option names.
    "@opentelemetry/sdk-node",
    "@opentelemetry/instrumentation-http",
    // Imported by the programs that the test of log correlation writes.
    "pino",
    "winston",
  ],
  // Not from npm; the tests that ask for them skip without them.
  ignoreBinaries: ["helm", "mount", "openssl", "prometheus", "Rscript", "umount"],
  treatConfigHintsAsErrors: false,
  workspaces: {
    ".": {
      entry: ["scripts/*.ts", "bench/*.ts", "e2e/**/*.test.ts", "e2e/*-child.ts", "**/*.test.ts"],
      project: ["scripts/**/*.ts", "bench/**/*.ts", "e2e/**/*.ts"],
    },
    "packages/*": {
      entry: ["src/**/*.test.{ts,tsx}"],
      project: ["src/**/*.{ts,tsx}"],
    },
    "packages/dashboard": {
      entry: ["src/**/*.test.{ts,tsx}", "src/testing/*.ts"],
      project: ["src/**/*.{ts,tsx}"],
    },
    "packages/store": {
      entry: ["src/engine/engine-main.ts", "src/testing/*-child.ts", "src/**/*.test.ts"],
      project: ["src/**/*.ts"],
    },
    "packages/server": {
      entry: ["src/main.ts", "src/**/*-main.ts", "src/**/*.test.ts"],
      project: ["src/**/*.ts"],
    },
    "services/*": {
      entry: ["src/main.ts", "src/**/*.test.ts"],
      project: ["src/**/*.ts"],
    },
  },
};

export default config;
