import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import {
  formatTimePoint,
  lastRange,
  parseRange,
  QUICK_RANGES_MS,
  shiftRange,
  type TimePoint,
  type TimeRange,
  widenRange,
} from "../state/time-range.ts";

/** How far Earlier and Later move, in window lengths: half, so that both views overlap. */
const SHIFT = 0.5;

interface Props {
  readonly onDone: () => void;
}

/** Any time range: moved, widened, or written as text. */
export function RangeForm({ onDone }: Props): VNode {
  const { t, format, view, range, nowMs, navigate } = useApp();
  const [from, setFrom] = useState(() => inputText(view.range.from));
  const [to, setTo] = useState(() => inputText(view.range.to));
  const [isInvalid, setIsInvalid] = useState(false);
  const hintId = useId();
  const apply = (next: TimeRange | null): void => {
    setIsInvalid(next === null);
    if (next === null) return;
    navigate({ range: next });
    onDone();
  };
  return (
    <form
      class="range-form"
      onSubmit={(event) => {
        event.preventDefault();
        apply(parseRange(from, to, nowMs));
      }}
    >
      <div class="range-moves">
        <button type="button" class="button" onClick={() => apply(shiftRange(range, -SHIFT))}>
          <Icon name="left" />
          {t("range.earlier")}
        </button>
        <button type="button" class="button" onClick={() => apply(shiftRange(range, SHIFT))}>
          {t("range.later")}
          <Icon name="right" />
        </button>
        <button type="button" class="button" onClick={() => apply(widenRange(range, nowMs))}>
          <Icon name="zoomOut" />
          {t("range.widen")}
        </button>
      </div>
      <div class="range-moves range-quick">
        {QUICK_RANGES_MS.map((lengthMs) => (
          <button
            key={lengthMs}
            type="button"
            class="button"
            onClick={() => apply(lastRange(lengthMs))}
          >
            {t("range.last", { length: format.length(lengthMs) })}
          </button>
        ))}
      </div>
      <RangeInput
        label={t("range.from")}
        value={from}
        onValue={setFrom}
        hintId={hintId}
        isInvalid={isInvalid}
      />
      <RangeInput
        label={t("range.to")}
        value={to}
        onValue={setTo}
        hintId={hintId}
        isInvalid={isInvalid}
      />
      <p
        id={hintId}
        class={isInvalid ? "form-error" : "form-hint"}
        role={isInvalid ? "alert" : undefined}
      >
        {isInvalid ? t("range.invalid") : t("range.hint")}
      </p>
      <button type="submit" class="button button-primary">
        {t("range.apply")}
      </button>
    </form>
  );
}

interface InputProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hintId: string;
  readonly isInvalid: boolean;
}

function RangeInput({ label, value, onValue, hintId, isInvalid }: InputProps): VNode {
  return (
    <label class="field field-stacked">
      <span>{label}</span>
      <input
        class="input"
        type="text"
        spellcheck={false}
        autocomplete="off"
        value={value}
        aria-describedby={hintId}
        aria-invalid={isInvalid}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}

/** A point as the form shows it: relative as in the URL, absolute in local time. */
function inputText(point: TimePoint): string {
  if (point.kind === "relative") return formatTimePoint(point);
  const local = new Date(point.timestampMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
  return `${day} ${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`;
}
