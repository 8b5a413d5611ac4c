import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";

/** Below this an answer feels immediate, and a picture that flashes by would only disturb. */
const SHOW_AFTER_MS = 250;
/** From here on the wait is explained. */
const SLOW_AFTER_MS = 4_000;

interface Props {
  readonly what: string;
  readonly sinceMs: number;
}

/** The picture of waiting: grey bars where the content will be; after some seconds with words. */
export function LoadingPicture({ what, sinceMs }: Props): VNode {
  const { t, format } = useApp();
  const [waitedMs, setWaitedMs] = useState(() => Date.now() - sinceMs);
  useEffect(() => {
    const timer = setInterval(() => setWaitedMs(Date.now() - sinceMs), 250);
    return () => clearInterval(timer);
  }, [sinceMs]);
  const isSlow = waitedMs >= SLOW_AFTER_MS;
  return (
    <div class="picture picture-loading" role="status" hidden={waitedMs < SHOW_AFTER_MS}>
      <div class="bars" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <p class="picture-title">{t("state.loading-what", { what })}</p>
      {isSlow && (
        <p>{t("state.slow", { length: format.length(Math.floor(waitedMs / 1000) * 1000) })}</p>
      )}
    </div>
  );
}
