import type { AnomalyMute, AnomalyRibbonsAnswer, HeldAnomaliesAnswer } from "@avx/server/contract";
import { type FakeWorld, fakeAnomalies } from "./fake-answers.ts";
import { INCIDENT_AGE_MS, unitNoise } from "./fake-mesh.ts";

/** `/api/avx/anomalies/ribbon`: calm but for the faults; a silent service is not judged. */
export function fakeRibbons(world: FakeWorld, parameters: URLSearchParams): AnomalyRibbonsAnswer {
  const cells = Number(parameters.get("cells"));
  const startMs = Number(parameters.get("start")) * 1000;
  const cellMs = (Number(parameters.get("end")) * 1000 - startMs) / cells;
  const beganMs = world.startedMs - INCIDENT_AGE_MS;
  const indices = Array.from({ length: cells }, (_, i) => i);
  return {
    ...{ startMs, cellMs, cells },
    ribbons: world.services.map(({ name, fault }) => {
      const isOpen = (i: number): boolean =>
        (fault === "slow" || fault === "errors") && startMs + (i + 1) * cellMs > beganMs;
      return {
        service: name,
        scores: indices.map((i) =>
          fault === "silent" && startMs + i * cellMs > beganMs
            ? null
            : isOpen(i)
              ? 0.9
              : 0.8 * Math.abs(unitNoise(`${name} ribbon ${startMs + i * cellMs}`)) ** 12,
        ),
        events: indices.map((i) => (isOpen(i) ? 1 : 0)),
      };
    }),
  };
}

/** `/api/avx/anomalies/held`: one finding on a signal with gaps. */
export function fakeHeld(
  world: FakeWorld,
  service: string | null,
  range: { readonly startMs: number; readonly endMs: number },
): HeldAnomaliesAnswer {
  const [first] = fakeAnomalies(world, service, range).anomalies;
  if (first === undefined) return { held: [] };
  const { explanation, feedback, ...event } = first;
  const problems = [{ dimension: "completeness", amount: 0.34 }] as const;
  return { held: [{ ...event, hold: { reason: "quality", quality: 0.81, problems } }] };
}

/** The mutes of a fake server, which can be ended. */
export function createFakeMutes(startedMs: number) {
  const mutes = new Map<string, AnomalyMute>();
  const add = (mute: Omit<AnomalyMute, "id">): AnomalyMute => {
    const added = { ...mute, id: `mute ${mutes.size + 1}` };
    mutes.set(added.id, added);
    return added;
  };
  add({
    service: "avx-search",
    signal: null,
    untilMs: startedMs + 3_600_000,
    note: "load test until noon",
  });
  return {
    add,
    list: () => ({ mutes: [...mutes.values()] }),
    end(id: string) {
      const ended = mutes.get(id);
      mutes.delete(id);
      return ended === undefined ? null : { ended };
    },
  };
}
