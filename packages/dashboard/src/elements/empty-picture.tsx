import type { ComponentChildren, VNode } from "preact";
import { useApp } from "../app-context.ts";
import { lastRange, QUICK_RANGES_MS } from "../state/time-range.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly title: string;
  readonly step: string;
  readonly children?: ComponentChildren;
}

/** The picture of "there is nothing": what to do next, with the longer ranges as buttons. */
export function EmptyPicture({ title, step, children }: Props): VNode {
  const { t, format, range, navigate } = useApp();
  const shownMs = range.endMs - range.startMs;
  const longer = QUICK_RANGES_MS.filter((lengthMs) => lengthMs > shownMs * 1.01);
  return (
    <div class="picture picture-empty">
      <Icon name="empty" />
      <p class="picture-title">{title}</p>
      <p class="picture-detail">{step}</p>
      <p class="picture-steps">
        {children}
        {longer.map((lengthMs) => (
          <button
            key={lengthMs}
            type="button"
            class="button"
            onClick={() => navigate({ range: lastRange(lengthMs) })}
          >
            {t("state.widen", { length: format.length(lengthMs) })}
          </button>
        ))}
      </p>
    </div>
  );
}
