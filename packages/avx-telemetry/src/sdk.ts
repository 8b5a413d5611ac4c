// The published entry `avx-telemetry/sdk`: the package's own explicit list, whole.
export * from "@avx/sdk";
