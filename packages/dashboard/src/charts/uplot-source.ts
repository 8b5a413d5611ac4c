/** Paths that uPlot offers besides the straight line, which alone we draw. */
const UNUSED = ["stepped", "bars", "spline"] as const;

/**
 * uPlot's source without the paths that no chart of ours uses: it keeps them as properties of a
 * function, so that no bundler can tell that they are unused. Throws when it finds others than it
 * knows, as after an update.
 */
export function withoutUnusedPaths(source: string): string {
  return UNUSED.reduce((rest, name) => {
    const kept = rest.replace(new RegExp(`\\(paths\\.${name}\\s*= \\w+\\);`), "");
    if (kept === rest)
      throw new Error(`uPlot has no path ${name} where it was; see uplot-source.ts`);
    return kept;
  }, source);
}
