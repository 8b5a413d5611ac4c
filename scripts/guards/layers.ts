import { isTestFile, lineOf, type SourceFile, type Violation } from "./source-files.ts";

/** What each package may import, DESIGN in one table. A name with a path is a declared subpath. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  analysis: [],
  model: [],
  wire: ["@avx/model"],
  promql: ["@avx/analysis", "@avx/model"],
  sre: ["@avx/analysis", "@avx/model", "@avx/promql"],
  store: ["@avx/model", "@avx/promql"],
  sdk: ["@avx/model", "@avx/wire", "@avx/analysis"],
  server: [
    "@avx/analysis",
    "@avx/model",
    "@avx/promql",
    "@avx/sdk",
    "@avx/sre",
    "@avx/store",
    "@avx/wire",
  ],
  dashboard: ["@avx/model", "@avx/server/contract"],
  "avx-telemetry": [
    "@avx/analysis",
    "@avx/model",
    "@avx/sdk",
    "@avx/sdk/avx-metrics",
    "@avx/server",
  ],
  gateway: ["@avx/sdk", "@avx/sdk/avx-metrics"],
  "api-core": ["@avx/sdk", "@avx/sdk/avx-metrics"],
};

/** Packages whose code is a function of its arguments: no clock, chance, I/O or environment. */
const PURE = new Set(["analysis", "model", "wire", "promql", "sre"]);

const IMPURE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bMath\.random\b/g, "Math.random"],
  [/\bDate\.now\b|\bnew Date\(\)/g, "the clock"],
  [/\bperformance\./g, "the clock"],
  [/\bprocess\./g, "process"],
  [/\bconsole\./g, "console"],
  [/\bset(?:Timeout|Interval|Immediate)\b/g, "timers"],
  [/\bfetch\(/g, "the network"],
];

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)["']([^"']+)["']/g;

/** Imports that point up or sideways, reach inside another package, or make a pure package impure. */
export function layerViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const match = /^(?:packages|services)\/([^/]+)\/(?:src|bin)\//.exec(file.path);
    return match === null ? [] : fileViolations(file, match[1] ?? "");
  });
}

function fileViolations(file: SourceFile, packageName: string): Violation[] {
  const found: Violation[] = [];
  const report = (offset: number, reason: string): void => {
    found.push({ path: file.path, line: lineOf(file.text, offset), reason });
  };
  const pure = PURE.has(packageName) && !isTestFile(file.path);
  const code = withoutComments(file.text);
  for (const { index, 1: target = "" } of code.matchAll(IMPORT)) {
    const reason = importProblem(file.path, packageName, target);
    if (reason !== undefined) report(index, reason);
    if (pure && target.startsWith("node:"))
      report(index, `${packageName} is pure, but imports ${target}`);
  }
  for (const [pattern, what] of pure ? IMPURE_WORDS : []) {
    for (const { index } of code.matchAll(pattern))
      report(index, `${packageName} is pure, but uses ${what}`);
  }
  return found;
}

function importProblem(path: string, packageName: string, target: string): string | undefined {
  if (target.startsWith("."))
    return leavesPackage(path, target) ? `${target} leaves the package` : undefined;
  if (!target.startsWith("@avx/") && target !== "avx-telemetry") return undefined;
  const allowed = ALLOWED[packageName];
  if (allowed === undefined) return `package ${packageName} has no row in the layer table`;
  return allowed.includes(target) ? undefined : `${packageName} may not import ${target}`;
}

/** Whether a relative import climbs above `packages/NAME/`. */
function leavesPackage(path: string, target: string): boolean {
  const parts = path.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.slice(0, 2).join("/") !== path.split("/").slice(0, 2).join("/");
}

/** Blanks comments, keeping every offset. Strings with `//` in them (URLs) are kept by the lookbehind. */
function withoutComments(text: string): string {
  const blank = (comment: string): string => comment.replace(/[^\n]/g, " ");
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(?<![:"'`\w/])\/\/[^\n]*/g, blank);
}
