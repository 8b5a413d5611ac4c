import type { AttributeValue } from "@avx/model";
import type { Environment } from "./environment.ts";
import { nodeFs, nodeOs } from "./lazy-builtins.ts";

const OPTION = "OTEL_NODE_RESOURCE_DETECTORS";

type Detector = "env" | "serviceinstance" | "host" | "os" | "process";
type Pairs = readonly (readonly [string, AttributeValue])[];

/** What a detector finds; `env` and `serviceinstance` are the resource's own business. */
const FINDINGS: Readonly<Record<Detector, () => Pairs>> = {
  env: () => [],
  serviceinstance: () => [],
  host: hostAttributes,
  os: osAttributes,
  process: processAttributes,
};

/** What `OTEL_NODE_RESOURCE_DETECTORS` asks for. */
export interface DetectedResource {
  readonly attributes: Pairs;
  /** Whether `OTEL_RESOURCE_ATTRIBUTES` counts. */
  readonly readsEnvironment: boolean;
  /** Names of detectors that the SDK does not have. */
  readonly unknown: readonly string[];
}

/**
 * Reads `OTEL_NODE_RESOURCE_DETECTORS`: `all`, `none`, or a list. Without it `env` and
 * `serviceinstance`: what describes a machine is the same in every metric and is asked for when it
 * is wanted.
 */
export function detectedResource(environment: Environment): DetectedResource {
  const text = environment[OPTION]?.trim() || "env,serviceinstance";
  const asked = text.split(",").map((name) => name.trim());
  const names = asked.includes("all") ? Object.keys(FINDINGS) : asked;
  const known = names.filter(isDetector);
  return {
    attributes: known.flatMap((name) => FINDINGS[name]()),
    readsEnvironment: known.includes("env"),
    unknown: names.filter((name) => !isDetector(name) && name !== "none" && name !== ""),
  };
}

function isDetector(name: string): name is Detector {
  return Object.hasOwn(FINDINGS, name);
}

/** Values of `host.arch` where Node's word differs. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  arm: "arm32",
  ppc: "ppc32",
  x64: "amd64",
};

/** https://opentelemetry.io/docs/specs/semconv/resource/host/ */
function hostAttributes(): Pairs {
  const { hostname, arch } = nodeOs();
  const id = machineId();
  return [
    ["host.name", hostname()],
    ["host.arch", ARCHITECTURES[arch()] ?? arch()],
    ...(id === "" ? [] : [["host.id", id] as const]),
  ];
}

/** Linux keeps it in one of these files; elsewhere a program would have to be run. */
function machineId(): string {
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    try {
      return nodeFs().readFileSync(path, "utf8").trim();
    } catch {
      // Looked for in the next place.
    }
  }
  return "";
}

/** Values of `os.type` where Node's word differs. */
const SYSTEMS: Readonly<Record<string, string>> = { sunos: "solaris", win32: "windows" };

/** https://opentelemetry.io/docs/specs/semconv/resource/os/ */
function osAttributes(): Pairs {
  const { platform, release } = nodeOs();
  return [
    ["os.type", SYSTEMS[platform()] ?? platform()],
    ["os.version", release()],
  ];
}

/** https://opentelemetry.io/docs/specs/semconv/resource/process/ */
function processAttributes(): Pairs {
  const [program = process.execPath, command, ...rest] = process.argv;
  const owner = processOwner();
  return [
    ["process.pid", process.pid],
    ["process.executable.name", process.title],
    ["process.executable.path", process.execPath],
    ...(command === undefined ? [] : [["process.command", command] as const]),
    [
      "process.command_args",
      [program, ...process.execArgv, ...(command === undefined ? [] : [command]), ...rest],
    ],
    ["process.runtime.name", "nodejs"],
    ["process.runtime.version", process.versions.node],
    ["process.runtime.description", "Node.js"],
    ...(owner === "" ? [] : [["process.owner", owner] as const]),
  ];
}

/** "" where the user has no name, as in many containers. */
function processOwner(): string {
  try {
    return nodeOs().userInfo().username;
  } catch {
    return "";
  }
}
