/*
 * Modules of Node that cost a start-up milliseconds and that many services never need. They are
 * asked for when first used. An `import` costs more than the module, for it reads every export, and
 * some of them load others when they are read: node:http all of undici, node:fs the line reader.
 */

const UUID_LENGTH = 36;

/** node:http, without undici. */
export function nodeHttp(): typeof import("node:http") {
  return process.getBuiltinModule("node:http");
}

/** node:https, which loads TLS. */
export function nodeHttps(): typeof import("node:https") {
  return process.getBuiltinModule("node:https");
}

/** node:http2, for OTLP over gRPC. */
export function nodeHttp2(): typeof import("node:http2") {
  return process.getBuiltinModule("node:http2");
}

/** node:child_process, for the last export at an exit. */
export function nodeChildProcess(): typeof import("node:child_process") {
  return process.getBuiltinModule("node:child_process");
}

/** node:zlib, for compressed export. */
export function nodeZlib(): typeof import("node:zlib") {
  return process.getBuiltinModule("node:zlib");
}

/** node:fs, without its streams and promises. */
export function nodeFs(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs");
}

/** node:crypto, without WebCrypto. */
export function nodeCrypto(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/** node:module, for AVX_SDK=official. */
export function nodeModule(): typeof import("node:module") {
  return process.getBuiltinModule("node:module");
}

/** node:os, for the size of the machine. */
export function nodeOs(): typeof import("node:os") {
  return process.getBuiltinModule("node:os");
}

/** node:stream, without its promises. */
export function nodeStream(): typeof import("node:stream") {
  return process.getBuiltinModule("node:stream");
}

/** node:v8, which loads streams. */
export function nodeV8(): typeof import("node:v8") {
  return process.getBuiltinModule("node:v8");
}

/** node:worker_threads, which loads streams. */
export function nodeWorkerThreads(): typeof import("node:worker_threads") {
  return process.getBuiltinModule("node:worker_threads");
}

/** A random UUID. Where the system gives one to read, OpenSSL need not be loaded for it. */
export function randomUuid(): string {
  try {
    const text = nodeFs().readFileSync("/proc/sys/kernel/random/uuid", "latin1").trim();
    if (text.length === UUID_LENGTH) return text;
  } catch {
    // Not Linux.
  }
  return nodeCrypto().randomUUID();
}

/** node:util, without its parser of arguments. */
export function nodeUtil(): typeof import("node:util") {
  return process.getBuiltinModule("node:util");
}
