import { setTimeout as pause } from "node:timers/promises";
import { AvxError, SpanStatusCode, type Telemetry } from "@avx/sdk";
import type { SlowSpell } from "./slow-spell.ts";
import { type WorkProfile, workTimeMs } from "./work-time.ts";

/** What decides how long work takes and whether it fails. */
export interface CoreWorkPorts {
  readonly telemetry: Telemetry;
  readonly slowSpell: SlowSpell;
  readonly errorRatio: number;
  readonly random: () => number;
}

/** The work behind every core route: waits as a database would, inside a span of its own. */
export class CoreWork {
  readonly #ports: CoreWorkPorts;
  #inFlight = 0;

  constructor(ports: CoreWorkPorts) {
    this.#ports = ports;
  }

  /** Does one piece of work. Throws `internal` when asked to fail, or by the configured ratio. */
  async run(name: string, profile: WorkProfile, mustFail: boolean): Promise<void> {
    const { telemetry, slowSpell, errorRatio, random } = this.#ports;
    await telemetry.tracer.startActiveSpan(name, async (span) => {
      this.#inFlight++;
      try {
        await pause(workTimeMs(profile, this.#inFlight, random) + slowSpell.extraMs);
        if (mustFail || random() < errorRatio) throw new AvxError("internal");
      } catch (error) {
        if (error instanceof Error) span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        this.#inFlight--;
        span.end();
      }
    });
  }
}
