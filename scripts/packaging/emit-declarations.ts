import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** The packages whose types the published ones are made of. */
const PACKAGES = ["analysis", "model", "wire", "sdk"] as const;

/**
 * Writes the types of the packages to `types/` of the directory, one file a source, as far as the
 * entries (sources under `packages/`) need them.
 */
export function emitDeclarations(directory: string, entries: readonly string[]): void {
  const types = join(directory, "types");
  const project = join(directory, "tsconfig.json");
  const sources = PACKAGES.map((name) => join(ROOT, "packages", name, "src"));
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        stripInternal: true,
        rootDir: join(ROOT, "packages"),
        outDir: types,
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      include: sources,
      exclude: sources.map((folder) => `${folder}/**/*.test.ts`),
    }),
  );
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`types were not written:\n${run.stdout}${run.stderr}`);
  for (const file of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".d.ts")) rewriteImports(types, join(types, file));
  }
  const needed = reachable(entries.map((entry) => join(types, declarationOf(entry))));
  for (const file of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    const path = join(types, file);
    if (file.endsWith(".d.ts") && !needed.has(path)) rmSync(path);
  }
}

/** The declaration of a source, below `types/`. */
export function declarationOf(source: string): string {
  return source.replace(/\.ts$/, ".d.ts");
}

/** These files and all that they import, directly or not. */
function reachable(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const imports = readFileSync(file, "utf8").matchAll(/"(\.{1,2}\/[^"]+)\.js"/g);
    for (const [, path] of imports) waiting.push(join(dirname(file), `${path}.d.ts`));
  }
  return found;
}

/** Imports of sources and of packages of the workspace become imports of what lies beside. */
function rewriteImports(types: string, file: string): void {
  const text = readFileSync(file, "utf8");
  const index = (name: string): string => {
    const path = relative(dirname(file), join(types, name, "src/index.js"));
    return path.startsWith(".") ? path : `./${path}`;
  };
  const rewritten = text
    .replace(/(["'])(\.{1,2}\/[^"']*)\.ts\1/g, '"$2.js"')
    .replace(/(["'])@avx\/(\w+)\1/g, (_all, _quote, name: string) => `"${index(name)}"`);
  writeFileSync(file, rewritten);
}
