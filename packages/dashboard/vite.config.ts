import { defineConfig, type Plugin } from "vite";
import { withoutUnusedPaths } from "./src/charts/uplot-source.ts";

/** Leaves out of uPlot what no chart of ours draws. */
const leanUplot: Plugin = {
  name: "lean-uplot",
  transform: { filter: { id: /uPlot\.esm/ }, handler: withoutUnusedPaths },
};

/**
 * What at least three pages share is one file: a file for each small part costs more bytes than it
 * spares. Charts stay apart, as the first page draws its table before it loads them.
 */
const sharedParts = {
  name: "parts",
  test: /dashboard\/src\/(?:elements|data|format|routes)\/|charts\/(?:plot-model|series-style|anomaly-episodes)\./,
  minShareCount: 3,
};

/** The dashboard's build: hashed files in `dist`, no inline script or style, so that the CSP holds. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [leanUplot],
  // Also a test that builds the page must get the one that is served.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // A data: font or image would be allowed by the policy, but a file caches better.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [sharedParts] } } },
    // The polyfill is an inline-free module of its own, but every browser of the target has preload.
    modulePreload: { polyfill: false },
    // Gzip sizes are measured by the bundle test.
    reportCompressedSize: false,
  },
});
