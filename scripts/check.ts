/** `npm run check`: every guard of the house, all run even when one fails. Exit code 1 on any fault. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const bin = (path: string): string => join(ROOT, "node_modules", path);

interface Guard {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const GUARDS: readonly Guard[] = [
  { name: "lint and format", script: bin("@biomejs/biome/bin/biome"), args: ["ci", "."] },
  { name: "types", script: bin("typescript/bin/tsc"), args: ["-p", "tsconfig.json"] },
  { name: "dead code", script: bin("knip/bin/knip.js"), args: [] },
  {
    name: "layers, tidiness, documentation, translations",
    script: bin("vitest/vitest.mjs"),
    args: ["run", "--project", "unit", "scripts/guards"],
  },
];

const failed = GUARDS.filter(({ name, script, args }) => {
  const startMs = Date.now();
  const run = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: "utf8" });
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(`${run.status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)\n`);
  if (run.status !== 0) process.stdout.write(`${run.stdout}${run.stderr}\n`);
  return run.status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
