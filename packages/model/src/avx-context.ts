/** Where a service stands in the Avila Experience Fabric. */
export interface AvxContext {
  readonly stack: string;
  readonly layer: string;
  readonly env: string;
  readonly cluster: string;
  readonly mesh: string;
}

/** The parts of an AvxContext: `avx.<part>` as resource attribute, `x-avx-<part>` as header, `avx_<part>` as label. */
export const AVX_CONTEXT_PARTS = ["stack", "layer", "env", "cluster", "mesh"] as const;
