import type { Attributes } from "@opentelemetry/api";
import type {
  BoundCounter,
  BoundHistogram,
  Counter,
  Histogram,
} from "../metrics/bound-instruments.ts";
import { HTTP_DURATION_BOUNDARIES } from "../metrics/explicit-histogram.ts";
import type { Meter } from "../metrics/meter.ts";
import { type HttpNames, inBothUnits, inMilliseconds, oldHttpAttributes } from "./http-names.ts";

/** Boundaries in bytes: the conventions advise none; powers of four cover an answer's sizes. */
const BODY_SIZE_BOUNDARIES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

/** Entries of the look-up; beyond it (route templates are few) the instrument is asked itself. */
const MAX_CACHED_OUTCOMES = 2000;

/** How one request ended, as far as metrics tell requests apart. */
export interface ServerOutcome {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** Template such as `/users/:id`; undefined when no route matched. Never the raw path. */
  readonly route: string | undefined;
  /** undefined when the client left before an answer began. */
  readonly status: number | undefined;
  readonly isAborted: boolean;
  /** As in "1.1"; "" when it is not known. */
  readonly protocolVersion: string;
}

/** The bound series of one outcome. */
export interface OutcomeSeries {
  readonly duration: BoundHistogram;
  readonly bodySize: BoundHistogram;
}

/**
 * The instruments of an HTTP server, by the stable semantic conventions, and the bound series of
 * every outcome seen: a request costs three Map reads instead of an attribute set.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export class ServerSeries {
  readonly #durations: Histogram;
  readonly #bodySizes: Histogram;
  readonly #active: Counter;
  readonly #activeSeries = new Map<string, BoundCounter>();
  readonly #outcomes = new Map<string, Map<string, Map<number, OutcomeSeries>>>();
  #cached = 0;

  readonly #names: HttpNames;
  /** Of before 2023, in milliseconds; made when it is asked for. */
  readonly #oldDurations: Histogram | undefined;

  constructor(meter: Meter, names: HttpNames) {
    this.#names = names;
    if (names !== "stable") {
      this.#oldDurations = meter.createHistogram("http.server.duration", {
        description: "Duration of HTTP server requests.",
        unit: "ms",
      });
    }
    this.#durations = meter.createHistogram("http.server.request.duration", {
      description: "Duration of HTTP server requests.",
      unit: "s",
      advice: { explicitBucketBoundaries: [...HTTP_DURATION_BOUNDARIES] },
    });
    this.#bodySizes = meter.createHistogram("http.server.response.body.size", {
      description: "Size of HTTP server response bodies.",
      unit: "By",
      advice: { explicitBucketBoundaries: BODY_SIZE_BOUNDARIES },
    });
    this.#active = meter.createUpDownCounter("http.server.active_requests", {
      description: "Number of active HTTP server requests.",
      unit: "{request}",
    });
  }

  /** Requests in flight of this method. */
  active(method: string, scheme: string): BoundCounter {
    const key = scheme === "http" ? method : `${scheme} ${method}`;
    let series = this.#activeSeries.get(key);
    if (series === undefined) {
      series = this.#active.bind({ "http.request.method": method, "url.scheme": scheme });
      this.#activeSeries.set(key, series);
    }
    return series;
  }

  #duration(attributes: Attributes): BoundHistogram {
    if (this.#oldDurations === undefined) return this.#durations.bind(attributes);
    const old = this.#oldDurations.bind(oldHttpAttributes(attributes, "server"));
    if (this.#names === "old") return inMilliseconds(old);
    return inBothUnits(this.#durations.bind(attributes), old);
  }

  /** The series in which a request that ended so is counted. */
  of(outcome: ServerOutcome): OutcomeSeries {
    const route = outcome.route ?? "";
    const code = outcomeCode(outcome);
    const known = this.#outcomes.get(route)?.get(outcome.method)?.get(code);
    if (known !== undefined) return known;
    const attributes = outcomeAttributes(outcome);
    const made = {
      duration: this.#duration(attributes),
      bodySize: this.#bodySizes.bind(attributes),
    };
    if (this.#cached < MAX_CACHED_OUTCOMES) {
      this.#cached++;
      const byMethod = this.#outcomes.get(route) ?? new Map<string, Map<number, OutcomeSeries>>();
      const byCode = byMethod.get(outcome.method) ?? new Map<number, OutcomeSeries>();
      this.#outcomes.set(route, byMethod.set(outcome.method, byCode.set(code, made)));
    }
    return made;
  }
}

/** Status, protocol, scheme and abort in one number: 0..999 * 16 + flags. */
function outcomeCode({ status = 0, isAborted, scheme, protocolVersion }: ServerOutcome): number {
  const protocol =
    protocolVersion === "1.1" ? 0 : protocolVersion === "2.0" ? 4 : protocolVersion === "" ? 12 : 8;
  return status * 16 + protocol + (isAborted ? 2 : 0) + (scheme === "https" ? 1 : 0);
}

/** The attributes of the conventions for one outcome. */
export function outcomeAttributes(outcome: ServerOutcome): Attributes {
  const errorType = outcomeErrorType(outcome);
  return {
    "http.request.method": outcome.method,
    "url.scheme": outcome.scheme,
    ...(outcome.route === undefined ? {} : { "http.route": outcome.route }),
    ...(outcome.status === undefined ? {} : { "http.response.status_code": outcome.status }),
    ...(errorType === undefined ? {} : { "error.type": errorType }),
    ...(outcome.protocolVersion === "" ? {} : protocolAttributes(outcome.protocolVersion)),
  };
}

function protocolAttributes(version: string): Attributes {
  return { "network.protocol.version": version === "2.0" ? "2" : version };
}

/** `error.type`: "aborted" when the client left, the status for 5xx, else none: 4xx is the client's. */
export function outcomeErrorType({ isAborted, status }: ServerOutcome): string | undefined {
  if (isAborted) return "aborted";
  return status !== undefined && status >= 500 ? String(status) : undefined;
}
