import { AvxError } from "@avx/model";

/** Levels with the severity numbers of OpenTelemetry's log data model. */
export const LOG_SEVERITY = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, off: 25 } as const;

/** A threshold; "off" lets nothing through. */
export type LogThreshold = keyof typeof LOG_SEVERITY;
/** The level of an entry. */
export type LogLevel = Exclude<LogThreshold, "off">;

/** The threshold of everything, and of single modules. */
export interface LogLevels {
  readonly fallback: LogThreshold;
  readonly byModule: ReadonlyMap<string, LogThreshold>;
}

/** Reads `AVX_LOG`: "info", "warn,gateway=debug". Unset means info. */
export function parseLogLevels(text: string | undefined): LogLevels {
  let fallback: LogThreshold = "info";
  const byModule = new Map<string, LogThreshold>();
  for (const part of (text ?? "").split(",")) {
    const clean = part.trim();
    if (clean === "") continue;
    const equals = clean.indexOf("=");
    if (equals < 0) fallback = threshold(clean);
    else byModule.set(clean.slice(0, equals).trim(), threshold(clean.slice(equals + 1).trim()));
  }
  return { fallback, byModule };
}

/** The threshold of a module: its own, that of the longest parent ("gateway" for "gateway.proxy"), or the fallback. */
export function thresholdOf(levels: LogLevels, module: string): LogThreshold {
  for (let name = module; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const own = levels.byModule.get(name);
    if (own !== undefined) return own;
  }
  return levels.fallback;
}

function threshold(text: string): LogThreshold {
  const name = text.toLowerCase();
  if (name in LOG_SEVERITY && Object.hasOwn(LOG_SEVERITY, name)) return name as LogThreshold; // an own key, checked here
  const reason = `${text} is not trace, debug, info, warn, error or off`;
  throw new AvxError("invalid_config", { option: "AVX_LOG", reason });
}
