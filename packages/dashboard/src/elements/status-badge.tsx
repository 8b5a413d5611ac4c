import type { ServiceSummary } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import { Icon } from "./icon.tsx";

type Status = ServiceSummary["status"];

const STATUS_KEYS = {
  ok: "status.ok",
  degraded: "status.degraded",
  failing: "status.failing",
  stale: "status.stale",
} as const satisfies Record<Status, MessageKey>;

/** A service's status as shape, colour and word. */
export function StatusBadge({ status }: { readonly status: Status }): VNode {
  const { t } = useApp();
  return (
    <span class={`status status-${status}`}>
      <Icon name={status} />
      {t(STATUS_KEYS[status])}
    </span>
  );
}
