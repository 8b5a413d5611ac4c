/** Whether a Host header names this server; undefined headers come from clients that are no browsers. */
export type HostTest = (host: string | undefined) => boolean;

/** Names under which a browser on the same machine reaches a loopback listener. */
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * A page of another site can make a browser send requests here under a name of its own, by letting
 * that name point to 127.0.0.1 (DNS rebinding). So on loopback only known names are answered; on
 * other addresses they are when `allowed` names any. "*" allows all.
 */
export function hostTest(listenHost: string, allowed: readonly string[]): HostTest {
  if (allowed.includes("*") || (allowed.length === 0 && !isLoopback(listenHost))) return () => true;
  const own = listenHost.includes(":") ? `[${listenHost}]` : listenHost;
  const names = new Set([...LOOPBACK_NAMES, own, ...allowed].map((name) => name.toLowerCase()));
  return (host) => host === undefined || names.has(withoutPort(host.toLowerCase()));
}

function withoutPort(host: string): string {
  const name = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host)?.[1] ?? host;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
