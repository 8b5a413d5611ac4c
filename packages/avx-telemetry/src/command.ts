import { AvxError } from "@avx/model";
import {
  BACKUP_HELP,
  FORECAST_HELP,
  KEYS_HELP,
  RESTORE_HELP,
  runBackup,
  runForecast,
  runKeys,
  runRestore,
  SERVE_HELP,
  serve,
} from "@avx/server";

const HELP = `usage: avx <command> [options]

commands
  serve      run the server (page, API, ingest); avx serve --help lists its options
  keys       make, list and revoke API keys; avx keys --help lists its options
  forecast   forecast a column of a CSV file; avx forecast --help lists its options
  backup     copy a data directory, of a running server too; avx backup --help lists its options
  restore    make a data directory of a backup; avx restore --help lists its options
  version    print the version

Guides and reference: docs/ in the repository.
`;

const VERSION = "0.1.0";

/** Runs the `avx` command line. Sets the exit code; a wrong command prints the help to stderr. */
export async function runCommand(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv;
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  if (command === "serve") {
    if (wantsHelp) process.stdout.write(SERVE_HELP);
    else await runServe(rest);
  } else if (command === "forecast") {
    if (wantsHelp) process.stdout.write(FORECAST_HELP);
    else await runForecastCommand(rest);
  } else if (command === "backup") {
    if (wantsHelp) process.stdout.write(BACKUP_HELP);
    else await runPrinted(() => runBackup(rest, { env: process.env, nowMs: Date.now }));
  } else if (command === "restore") {
    if (wantsHelp) process.stdout.write(RESTORE_HELP);
    else await runPrinted(() => runRestore(rest, { env: process.env, nowMs: Date.now }));
  } else if (command === "keys") {
    if (wantsHelp) process.stdout.write(KEYS_HELP);
    else await runPrinted(async () => runKeys(rest, { env: process.env, nowMs: Date.now }));
  } else if (command === "version" || command === "--version") {
    process.stdout.write(`${VERSION}\n`);
  } else if (
    command === undefined ||
    command === "help" ||
    command === "--help" ||
    command === "-h"
  ) {
    process.stdout.write(HELP);
  } else {
    process.stderr.write(`avx: unknown command "${command}"\n\n${HELP}`);
    process.exitCode = 2;
  }
}

/** Exit code 1 and one line when it cannot be done. */
async function runPrinted(run: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await run());
  } catch (error) {
    if (!(error instanceof AvxError)) throw error;
    process.stderr.write(`avx: ${error.message}\n`);
    process.exitCode = 1;
  }
}

async function runServe(argv: readonly string[]): Promise<void> {
  try {
    await serve(argv, { env: process.env, version: VERSION });
  } catch (error) {
    if (!(error instanceof AvxError)) throw error;
    process.stderr.write(`avx: ${error.message}\n`);
    process.exit(1);
  }
}

/** Exit code 1: a bad option, file or line; 3: the file is good, but there is no honest forecast. */
async function runForecastCommand(argv: readonly string[]): Promise<void> {
  try {
    const { text, isRefused } = await runForecast(argv);
    process.stdout.write(text);
    if (isRefused) process.exitCode = 3;
  } catch (error) {
    if (!(error instanceof AvxError)) throw error;
    process.stderr.write(`avx: ${error.message}\n`);
    process.exitCode = 1;
  }
}
