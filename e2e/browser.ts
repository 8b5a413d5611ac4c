import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** No sandbox, as CI runs as root; nothing that the browser would ask of other hosts by itself. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SYSTEM_BROWSER = "/usr/bin/chromium";

/** Starts Chromium: the system's where there is one, else the one that came with npm. */
export async function launchBrowser(): Promise<Browser> {
  if (existsSync(SYSTEM_BROWSER))
    return chromium.launch({ executablePath: SYSTEM_BROWSER, args: FLAGS });
  const home = await unpackedBrowser();
  const environment: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? home,
    // NSS and the other libraries that a bare Debian lacks.
    LD_LIBRARY_PATH: join(home, "al2023", "lib"),
  };
  if (!existsSync("/etc/fonts")) environment["FONTCONFIG_PATH"] = join(home, "fonts");
  return chromium.launch({
    executablePath: join(home, "chromium"),
    args: [...FLAGS, "--font-render-hinting=none"],
    env: environment,
  });
}

/**
 * Unpacks the packaged browser once per version. It is unpacked aside and then renamed, so that two
 * test runs at the same time never see half of it.
 */
async function unpackedBrowser(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const packageDirectory = dirname(dirname(entry));
  const require = createRequire(import.meta.url);
  const { version } = require(join(packageDirectory, "package.json")) as { version: string };
  const home = join(tmpdir(), `avx-chromium-${version}`);
  if (existsSync(join(home, "chromium"))) return home;
  const aside = mkdtempSync(`${home}-`);
  const before = process.env["TMPDIR"];
  try {
    // The package unpacks to the temporary directory, and takes what it finds there for finished.
    process.env["TMPDIR"] = aside;
    const { default: packaged, inflate } = await import("@sparticuz/chromium");
    await packaged.executablePath();
    await inflate(join(packageDirectory, "bin", "al2023.tar.br"));
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  try {
    mkdirSync(dirname(home), { recursive: true });
    renameSync(aside, home);
  } catch {
    // Another run was faster; its copy is as good.
    rmSync(aside, { recursive: true, force: true });
  }
  return home;
}
