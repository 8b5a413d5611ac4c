import { nodeChildProcess } from "../lazy-builtins.ts";
import type { OtlpPost } from "./otlp-http-client.ts";

/**
 * Sends requests from the `exit` event, where nothing asynchronous runs any more: a short-lived
 * child process posts them while this one waits, for at most `limitMs`. The exit code, the
 * signal and what is printed stay the program's own. Never throws.
 */
export function postBeforeExit(posts: readonly OtlpPost[], limitMs: number): void {
  if (posts.length === 0 || limitMs <= 0) return;
  const input = JSON.stringify(
    posts.map(({ protocol, url, headers, tls, body }) => ({
      protocol,
      url,
      headers,
      tls,
      body: Buffer.from(body).toString("base64"),
    })),
  );
  // Without NODE_OPTIONS: the child must not be instrumented itself.
  const { NODE_OPTIONS: _unused, ...env } = process.env;
  try {
    nodeChildProcess().spawnSync(
      process.execPath,
      ["--eval", `(${postAll.toString()})(${limitMs})`],
      {
        input,
        env,
        timeout: limitMs,
        killSignal: "SIGKILL",
        stdio: ["pipe", "ignore", "ignore"],
        windowsHide: true,
      },
    );
  } catch {
    // Where no process may be started, the last telemetry is lost.
  }
}

/**
 * Runs in the child, from its source text: it may use nothing of this module, and no function in it
 * has a name, for a bundler that keeps names wraps those in a function of its own.
 */
async function postAll(limitMs: number): Promise<void> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  // Proof of the `as`: postBeforeExit has written it.
  const posts = JSON.parse(text) as {
    protocol: string;
    url: string;
    headers: Record<string, string>;
    tls: { ca?: string };
    body: string;
  }[];
  const { connect } = process.getBuiltinModule("node:http2");
  const { request: plainRequest } = process.getBuiltinModule("node:http");
  const { request: secureRequest } = process.getBuiltinModule("node:https");
  setTimeout(() => process.exit(), limitMs).unref();
  await Promise.all(
    posts.map(({ protocol, url, headers, tls, body }) =>
      protocol === "grpc"
        ? new Promise((resolve) => {
            const { origin, pathname } = new URL(url);
            const path = { ":method": "POST", ":path": pathname, te: "trailers" };
            connect(origin, tls)
              .on("error", resolve)
              .request({ ...path, ...headers })
              .on("error", resolve)
              .on("close", resolve)
              .resume()
              .end(Buffer.from(body, "base64"));
          })
        : new Promise((resolve) => {
            const send = url.startsWith("https:") ? secureRequest : plainRequest;
            send(url, { ...tls, method: "POST", headers }, (answer) =>
              answer.resume().on("end", resolve),
            )
              .on("error", resolve)
              .end(Buffer.from(body, "base64"));
          }),
    ),
  );
  process.exit();
}
