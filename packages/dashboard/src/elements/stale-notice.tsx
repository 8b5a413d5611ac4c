import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { ApiFailure } from "../data/api-client.ts";
import { failureText } from "./failure-text.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly receivedMs: number;
  readonly failure: ApiFailure;
}

/** Says that the data below is old, since when, why, and offers to try again. */
export function StaleNotice({ receivedMs, failure }: Props): VNode {
  const { t, format, nowMs, refresh } = useApp();
  const time = format.time(receivedMs);
  return (
    <div class="stale-notice" role="status">
      <Icon name="stale" />
      <span>
        <b>{t("state.stale", { time, ago: format.ago(Math.max(0, nowMs - receivedMs)) })}</b>{" "}
        {failureText(failure, t, format)}
      </span>
      <button type="button" class="button" onClick={refresh}>
        {t("state.retry")}
      </button>
    </div>
  );
}
