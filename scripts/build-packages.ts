/**
 * `npm run build:packages`: makes the package `avx-telemetry` as a service installs it, in
 * dist/avx-telemetry: the SDK and the analysis as JavaScript with maps and types.
 */
import { buildPackage } from "./packaging/build-package.ts";

const { directory, files, bytes } = await buildPackage();
process.stdout.write(`${directory}: ${files} files, ${Math.round(bytes / 1024)} KiB\n`);
