import { defineConfig, type Plugin } from "vite";
import { withoutUnusedPaths } from "./src/charts/uplot-source.ts";

/** Leaves out of uPlot what no chart of ours draws. */
const leanUplot: Plugin = {
  name: "lean-uplot",
  transform: { filter: { id: /uPlot\.esm/ }, handler: withoutUnusedPaths },
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
    // The polyfill is an inline-free module of its own, but every browser of the target has preload.
    modulePreload: { polyfill: false },
    // Gzip sizes are measured by the bundle test.
    reportCompressedSize: false,
  },
});
