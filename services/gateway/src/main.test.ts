import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "main.ts");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server on a free port. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port; // a TCP server has one
}

/** The gateway as its own process; `says` resolves with the output once it holds the text. */
function gateway(args: readonly string[]) {
  const none = {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...none, AVX_LOG: "info" },
  });
  let output = "";
  let heard = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
      heard();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  cleanups.push(() => child.kill("SIGKILL"));
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output);
      if (match !== null) return match;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { child, exit, says, output: () => output };
}

describe("the gateway's process", () => {
  it("ends a request under way after SIGTERM, then exits with 0", async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const upstream = await listening(
      createServer(async (_request, response) => {
        arrived.resolve();
        await finish.promise;
        response.end("whole");
      }),
    );
    // A port that was free a moment ago: the gateway does not print the one of --port 0.
    const probe = createServer();
    const port = await listening(probe);
    await new Promise((resolve) => probe.close(resolve));
    const args = ["--port", String(port), "--upstream", `http://127.0.0.1:${upstream}`];
    const { child, exit, says } = gateway(args);
    await says(/"msg":"ready"/);
    const answer = fetch(`http://127.0.0.1:${port}/core/ping`);
    await arrived.promise;
    child.kill("SIGTERM");
    await says(/"msg":"stopping"/);
    finish.resolve();
    expect(await (await answer).text()).toBe("whole");
    expect(await exit).toBe(0);
  });

  it("names a taken port and the option that changes it, in one line, and exits with 1", async () => {
    const port = await listening(createServer());
    const { exit, output } = gateway(["--port", String(port)]);
    expect(await exit).toBe(1);
    expect(output()).toBe(
      `avx-gateway: port ${port} on 127.0.0.1 is taken; choose another with --port or PORT\n`,
    );
  });

  it("explains itself, and refuses what it does not know", async () => {
    const help = gateway(["--help"]);
    expect(await help.exit).toBe(0);
    expect(help.output()).toContain("--upstream URL");
    const wrong = gateway(["--upstream", "nowhere"]);
    expect(await wrong.exit).toBe(1);
    expect(wrong.output()).toBe("avx-gateway: --upstream: nowhere is not an http(s) URL\n");
  });
});
