import type { VNode } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { lastRange, QUICK_RANGES_MS } from "../state/time-range.ts";
import { RangeForm } from "./range-form.tsx";
import { liveLengthMs, rangeLabel } from "./range-label.ts";
import { useDismiss } from "./use-dismiss.ts";

/** Quick ranges as buttons, and behind the last one any other range. */
export function RangePicker(): VNode {
  const app = useApp();
  const { t, format, view, navigate } = app;
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const formId = useId();
  const close = (): void => {
    setIsOpen(false);
    opener.current?.focus();
  };
  useDismiss(box, isOpen, { onEscape: close, onOutside: () => setIsOpen(false) });
  const shownMs = liveLengthMs(view.range);
  const label = rangeLabel(app);
  return (
    <div class="range-picker" ref={box}>
      <fieldset class="segments quick-ranges" aria-label={t("range.label")}>
        {QUICK_RANGES_MS.map((lengthMs) => (
          <button
            key={lengthMs}
            type="button"
            aria-pressed={lengthMs === shownMs}
            onClick={() => navigate({ range: lastRange(lengthMs) })}
          >
            {format.length(lengthMs)}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        ref={opener}
        class="button range-button"
        aria-expanded={isOpen}
        aria-controls={formId}
        aria-label={t("range.open", { range: label })}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="clock" />
        <span class="range-text range-long">{label}</span>
        <span class="range-text range-short">
          {shownMs === null ? label : format.length(shownMs)}
        </span>
        <Icon name="down" />
      </button>
      <div id={formId} class="popover" hidden={!isOpen}>
        {isOpen && <RangeForm onDone={close} />}
      </div>
    </div>
  );
}
