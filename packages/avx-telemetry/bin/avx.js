#!/usr/bin/env node
// Node strips the types of the TypeScript sources itself from version 24 on; on an older Node this
// shim hands over to the Node 24 that the `node` package of the workspace brings.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const MINIMUM_MAJOR = 24;

function bundledNode() {
  try {
    const root = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const binary = join(root, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

if (Number(process.versions.node.split(".")[0]) >= MINIMUM_MAJOR) {
  const { runCommand } = await import("../src/command.ts");
  await runCommand(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(`avx needs Node ${MINIMUM_MAJOR} or newer, this is ${process.version}\n`);
    process.exit(1);
  }
  const child = spawn(node, [import.meta.filename ?? process.argv[1], ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
