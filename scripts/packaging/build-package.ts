import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { build } from "rolldown";
import { declarationOf, emitDeclarations } from "./emit-declarations.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Where the package is made unless told otherwise. */
const PACKAGE_DIRECTORY = join(ROOT, "dist/avx-telemetry");

/** Each published subpath: the workspace package and the source that it is made of. */
const ENTRIES = {
  sdk: "sdk/src/index.ts",
  "sdk/auto": "sdk/src/auto.ts",
  "sdk/testing": "sdk/src/testing.ts",
  "sdk/avx-metrics": "sdk/src/avx-metrics.ts",
  analysis: "analysis/src/index.ts",
} as const;

/** A package that was made. */
export interface BuiltPackage {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
}

/** Makes the package anew. Types take the longest part and can be left out where nobody reads them. */
export async function buildPackage(
  options: { readonly directory?: string; readonly withTypes?: boolean } = {},
): Promise<BuiltPackage> {
  const { directory = PACKAGE_DIRECTORY, withTypes = true } = options;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await bundle(directory);
  if (withTypes) emitDeclarations(directory, Object.values(ENTRIES));
  for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    cpSync(join(ROOT, license), join(directory, license));
  }
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  return { directory, ...sizeOf(directory) };
}

/** What several entries need is a chunk of its own; what is imported dynamically waits in one. */
async function bundle(directory: string): Promise<void> {
  const inputs = Object.entries(ENTRIES).map(([name, source]) => [
    name,
    join(ROOT, "packages", source),
  ]);
  await build({
    input: Object.fromEntries(inputs),
    platform: "node",
    // One copy a process: its global state is where libraries find the SDK.
    external: [/^node:/, "@opentelemetry/api"],
    // No module of these packages does anything when it is imported, but for the entry that says so.
    treeshake: { moduleSideEffects: (id) => id.endsWith("/sdk/src/auto.ts") },
    logLevel: "warn",
    output: {
      dir: directory,
      format: "esm",
      sourcemap: true,
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name]-[hash].js",
    },
  });
}

function manifest(): object {
  const sdk = manifestOf("packages/sdk");
  const published = manifestOf("packages/avx-telemetry");
  const paths = Object.entries(ENTRIES).map(([name, source]) => [
    `./${name}`,
    { types: `./types/${declarationOf(source)}`, default: `./${name}.js` },
  ]);
  const oldPaths = Object.entries(ENTRIES).map(([name, source]) => [
    name,
    [`./types/${declarationOf(source)}`],
  ]);
  return {
    name: published["name"],
    version: published["version"],
    description: "Telemetry of a Node.js service, and forecasts and anomalies of its numbers",
    license: published["license"],
    type: "module",
    engines: sdk["engines"],
    sideEffects: ["./sdk/auto.js"],
    exports: { ...Object.fromEntries(paths), "./package.json": "./package.json" },
    // For compilers that do not read `exports`.
    typesVersions: { "*": Object.fromEntries(oldPaths) },
    dependencies: { "@opentelemetry/api": apiVersion(sdk) },
    peerDependencies: sdk["peerDependencies"],
    peerDependenciesMeta: sdk["peerDependenciesMeta"],
  };
}

function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
}

/** Any 1.x from the one that is tested: two copies in one service would not see each other's spans. */
function apiVersion(sdk: Record<string, unknown>): string {
  // Proof of the `as`: the manifest of the workspace, checked by npm.
  const dependencies = sdk["dependencies"] as Record<string, string>;
  return `^${dependencies["@opentelemetry/api"]}`;
}

function sizeOf(directory: string): { files: number; bytes: number } {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
