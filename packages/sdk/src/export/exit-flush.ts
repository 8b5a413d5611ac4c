import { spawnSync } from "node:child_process";
import type { OtlpPost } from "./otlp-http-client.ts";

/**
 * Sends requests from the `exit` event, where nothing asynchronous runs any more: a short-lived
 * child process posts them while this one waits, for at most `limitMs`. The exit code, the
 * signal and what is printed stay the program's own. Never throws.
 */
export function postBeforeExit(posts: readonly OtlpPost[], limitMs: number): void {
  if (posts.length === 0 || limitMs <= 0) return;
  const input = JSON.stringify(
    posts.map(({ url, headers, body }) => ({
      url,
      headers,
      body: Buffer.from(body).toString("base64"),
    })),
  );
  // Without NODE_OPTIONS: the child must not be instrumented itself.
  const { NODE_OPTIONS: _unused, ...env } = process.env;
  try {
    spawnSync(process.execPath, ["--eval", `(${postAll.toString()})(${limitMs})`], {
      input,
      env,
      timeout: limitMs,
      killSignal: "SIGKILL",
      stdio: ["pipe", "ignore", "ignore"],
      windowsHide: true,
    });
  } catch {
    // Where no process may be started, the last telemetry is lost.
  }
}

/** Runs in the child, from its source text: it may use nothing of this module. */
async function postAll(limitMs: number): Promise<void> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  // Proof of the `as`: postBeforeExit has written it.
  const posts = JSON.parse(text) as {
    url: string;
    headers: Record<string, string>;
    body: string;
  }[];
  const signal = AbortSignal.timeout(limitMs);
  await Promise.allSettled(
    posts.map(({ url, headers, body }) =>
      fetch(url, { method: "POST", headers, body: Buffer.from(body, "base64"), signal }),
    ),
  );
  process.exit();
}
