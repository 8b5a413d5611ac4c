// The published entry `avx-telemetry/analysis`: the package's own explicit list, whole.
export * from "@avx/analysis";
