import type { ServiceSummary } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";

/** Names that fit in one sentence. */
const MAX_NAMES = 3;

/** The five-second answer: is something wrong, and where. */
export function ServicesHeadline({
  services,
}: {
  readonly services: readonly ServiceSummary[];
}): VNode {
  const { t, format } = useApp();
  const troubled = services.filter(({ status }) => status !== "ok");
  const worst = troubled[0]?.status ?? "ok";
  return (
    <h1 class={`headline headline-${worst}`}>
      <Icon name={worst} />
      <span>
        {troubled.length === 0
          ? t("services.all-ok", { count: services.length })
          : t("services.attention", {
              count: troubled.length,
              total: services.length,
              names: nameList(troubled),
            })}
      </span>
    </h1>
  );

  function nameList(list: readonly ServiceSummary[]): string {
    const names = list.slice(0, MAX_NAMES).map(({ service }) => service);
    const rest = list.length - names.length;
    if (rest > 0) return t("services.and-more", { names: names.join(", "), rest });
    return new Intl.ListFormat(format.locale, { type: "conjunction" }).format(names);
  }
}
