import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { LIVE_INTERVAL_MS } from "../state/live-clock.ts";
import { isLive } from "../state/time-range.ts";
import { toggleLive } from "./toggle-live.ts";

/** Pause and go live, and refresh at once. */
export function LiveControls(): VNode {
  const app = useApp();
  const { t, format, view, refresh, navigate } = app;
  const live = isLive(view.range);
  const label = live ? t("live.pause") : t("live.resume");
  const state = live ? t("live.on", { length: format.length(LIVE_INTERVAL_MS) }) : t("live.off");
  return (
    <div class="live-controls">
      <button
        type="button"
        class={live ? "button live-button is-live" : "button live-button"}
        title={`${state} (l)`}
        onClick={() => navigate({ range: toggleLive(app) })}
      >
        <Icon name={live ? "pause" : "play"} />
        <span class="live-label">{label}</span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t("live.refresh")}
        title={t("live.refresh")}
        onClick={refresh}
      >
        <Icon name="refresh" />
      </button>
    </div>
  );
}
