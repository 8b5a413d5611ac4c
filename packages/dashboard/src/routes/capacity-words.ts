import type { CapacityOutlook, CapacityResource, CapacityRow } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import { refusalReason } from "../format/refusal-reason.ts";
import type { Translate } from "../i18n/translate.ts";

/** Of a row, what its outlook is told from. */
type Told = Pick<CapacityRow, "outlook" | "limitMetric">;

/** An outlook as a line to act on, and a line that says what it rests on. */
export interface OutlookWords {
  readonly line: string;
  readonly detail: string;
}

type Words = Pick<AppState, "t" | "format">;

/** The outlook of a resource in words; `madeMs` is when it was made. */
export function outlookWords(
  { outlook, limitMetric }: Told,
  madeMs: number,
  { t, format }: Words,
): OutlookWords {
  switch (outlook.kind) {
    case "reached":
      return { line: t("capacity.reached"), detail: "" };
    case "runs-out":
      return runsOutWords(outlook, madeMs, { t, format });
    case "holds":
      return {
        line: t("capacity.holds", { time: format.dateTime(outlook.untilMs) }),
        detail: t("capacity.holds-detail", { level: format.wholePercent(outlook.level) }),
      };
    case "insufficient-history": {
      const { haveSamples: have, neededSamples: needed, stepMs } = outlook;
      const more = format.length(Math.max(1, needed - have) * stepMs);
      return {
        line: t("capacity.short", { length: more }),
        detail: t("capacity.short-detail", { have, needed }),
      };
    }
    case "refused":
      return { line: t("capacity.unknown"), detail: refusalReason(outlook.reason, t) };
    case "no-limit":
      return {
        line: t("capacity.no-limit"),
        detail: limitMetric === null ? "" : t("capacity.no-limit-detail", { metric: limitMetric }),
      };
  }
}

function runsOutWords(
  outlook: Extract<CapacityOutlook, { kind: "runs-out" }>,
  madeMs: number,
  { t, format }: Words,
): OutlookWords {
  const { atMs, latestMs, level } = outlook;
  const earliest = format.dateTime(outlook.earliestMs);
  if (atMs === null) {
    return {
      line: t("capacity.may", { time: earliest }),
      detail: t("capacity.may-detail", { time: format.dateTime(outlook.untilMs) }),
    };
  }
  return {
    line: t("capacity.runs-out", { length: format.length(Math.max(0, atMs - madeMs)) }),
    detail:
      latestMs === null
        ? t("capacity.from", { earliest, level: format.wholePercent(level) })
        : t("capacity.between", {
            earliest,
            latest: format.dateTime(latestMs),
            level: format.wholePercent(level),
          }),
  };
}

/** What a resource is called. */
export function resourceName(resource: CapacityResource, t: Translate): string {
  switch (resource) {
    case "event-loop":
      return t("capacity.event-loop");
    case "cpu":
      return t("capacity.cpu");
    case "memory":
      return t("capacity.memory");
    case "heap":
      return t("capacity.heap");
    case "connections":
      return t("capacity.connections");
    case "disk":
      return t("capacity.disk");
    case "active-series":
      return t("capacity.active-series");
  }
}

/** A combination can have a dozen members; the first two carry most of it. */
const SHOWN_MEMBERS = 2;

/** The model with its first members, and how it did on the past; `null` without a forecast. */
export function basisWords(outlook: CapacityOutlook, { t, format }: Words): OutlookWords | null {
  if (outlook.kind !== "runs-out" && outlook.kind !== "holds") return null;
  const members = outlook.model.split(" + ");
  const more = members.length - SHOWN_MEMBERS;
  const shown = members.slice(0, SHOWN_MEMBERS).join(" + ");
  return {
    line: more > 0 ? t("capacity.model-more", { model: shown, count: more }) : shown,
    detail: backtestWords(outlook, { t, format }),
  };
}

/** How far the model was off on the past, and how often its interval held. */
function backtestWords(
  { backtest, level }: Extract<CapacityOutlook, { kind: "runs-out" | "holds" }>,
  { t, format }: Words,
): string {
  if (backtest === null) return "";
  const { meanAbsolutePercentageError: error, coverage = null } = backtest;
  const parts: string[] = [];
  if (error !== null) parts.push(t("capacity.error", { error: format.quantity(error, "ratio") }));
  if (coverage !== null)
    parts.push(
      t("capacity.coverage", {
        level: format.wholePercent(level),
        coverage: format.wholePercent(coverage),
      }),
    );
  return parts.join(" · ");
}
