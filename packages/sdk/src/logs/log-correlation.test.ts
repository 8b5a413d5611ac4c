import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeOtlpLogsProtobuf } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { OtlpSink } from "../testing/otlp-sink.ts";

const PACKAGE = join(import.meta.dirname, "../..");

/** How a module asks for others; everything else of the programs is the same. */
const FORMATS = {
  mjs: (name: string, what: string) => `import ${what} from ${JSON.stringify(name)};`,
  cjs: (name: string, what: string) =>
    `const ${what.replace(" as ", ": ")} = require(${JSON.stringify(name)});`,
} as const;

/** Each logger as its guide says, made before and used within a span, across an await. */
const LOGGERS = {
  pino: {
    imports: [["pino", "pino"]],
    make: "const logger = pino({ mixin: () => traceFields() });",
    log: 'logger.info({ order: 42 }, "placed");',
  },
  winston: {
    imports: [["winston", "winston"]],
    make: `const withTrace = winston.format((info) => Object.assign(info, traceFields()));
      const logger = winston.createLogger({
        format: winston.format.combine(withTrace(), winston.format.json()),
        transports: [new winston.transports.Console()],
      });`,
    log: 'logger.info("placed", { order: 42 });',
  },
} as const;

type Format = keyof typeof FORMATS;

/** Runs a program; gives what it has printed, line by line, and the log records it has sent. */
async function run(format: Format, program: string, env: Record<string, string> = {}) {
  const sink = new OtlpSink();
  const file = join(PACKAGE, `.log-correlation-${process.pid}.${format}`);
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file], {
    cwd: PACKAGE,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen(),
      AVX_LOG: "off",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece;
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (piece) => {
    errors += piece;
  });
  const [code] = await once(child, "close");
  rmSync(file);
  await sink.close();
  const bodies = sink.requests.filter(({ path }) => path === "/v1/logs").map(({ body }) => body);
  return {
    code,
    errors,
    lines: text.trim().split("\n"),
    records: bodies.flatMap((body) => decodeOtlpLogsProtobuf(body)),
  };
}

const sdkImports = (format: Format) =>
  FORMATS[format]("@avx/sdk", "{ initTelemetry, traceFields }");

/** Logs outside of a span and within; the last line names the span. */
const body = (log: string) => `
  const telemetry = initTelemetry({ serviceName: "shop", runtimeMetrics: false });
  ${log}
  telemetry.tracer.startActiveSpan("order", async (span) => {
    await new Promise((resolve) => setImmediate(resolve));
    ${log}
    const { traceId, spanId } = span.spanContext();
    span.end();
    setTimeout(() => process.stdout.write(JSON.stringify({ traceId, spanId }) + "\\n"), 50);
    await telemetry.shutdown();
  });`;

describe.each(Object.keys(FORMATS) as Format[])("in a .%s file", (format) => {
  it.each(Object.entries(LOGGERS))(
    "lines of the real %s name their span",
    async (_name, logger) => {
      const imports = logger.imports.map(([name, what]) => FORMATS[format](name, what));
      const parts = [sdkImports(format), ...imports, logger.make, body(logger.log)];
      const { code, errors, lines } = await run(format, parts.join("\n"));
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      const [outside, within, ids] = lines.map((line) => JSON.parse(line));
      expect(outside).not.toHaveProperty("trace_id");
      expect(within).toMatchObject({
        trace_id: ids.traceId,
        span_id: ids.spanId,
        trace_flags: "01",
      });
      expect(within).toMatchObject({ order: 42 });
    },
  );

  it("calls of console become records of their span, and print what they did", async () => {
    const program = `${sdkImports(format)}\n${body('console.warn("placed %d", 42);')}`;
    const { errors, records } = await run(format, program, { AVX_CONSOLE_RECORDS: "true" });
    expect(errors).toBe("placed 42\nplaced 42\n");
    const [outside, within] = records;
    expect(outside).toMatchObject({ body: "placed 42", severityText: "WARN", traceId: "" });
    expect(within?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(within?.spanId).toMatch(/^[0-9a-f]{16}$/);
  });
});
