import { type FakeMode, startFakeServer } from "./fake-server.ts";

// Usage: node packages/dashboard/src/testing/serve-fake.ts [mode] [port]
const MODES: readonly FakeMode[] = [
  "troubled",
  "calm",
  "empty",
  "hostile",
  "error",
  "broken",
  "slow",
];
const mode = MODES.find((known) => known === process.argv[2]) ?? "troubled";
const { url } = await startFakeServer(mode, Number(process.argv[3] ?? 8690));
process.stdout.write(`${mode} at ${url}\n`);
