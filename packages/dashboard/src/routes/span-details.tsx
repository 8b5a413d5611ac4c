import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { SpanNode, SpanTree } from "../charts/span-tree.ts";
import { Icon } from "../elements/icon.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import type { MessageKey } from "../i18n/catalogue.ts";

interface Props {
  readonly node: SpanNode;
  readonly tree: SpanTree;
  readonly onClose: () => void;
}

const STATUS_KEYS = {
  unset: "trace.status-unset",
  ok: "trace.status-ok",
  error: "trace.status-error",
} as const satisfies Record<SpanNode["span"]["status"], MessageKey>;

/** All that is known of one span. */
export function SpanDetails({ node, tree, onClose }: Props): VNode {
  const { t, format } = useApp();
  const { span } = node;
  const attributes = Object.entries(span.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const seconds = (ms: number): string => format.quantity(ms / 1000, "s");
  return (
    <aside class="panel span-details" aria-label={t("trace.details")}>
      <div class="details-head">
        <h2>
          <bdi>{span.name}</bdi>
        </h2>
        <button type="button" class="icon-button" aria-label={t("trace.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="facts">
        <dt>{t("column.service")}</dt>
        <dd>
          <ViewLink
            to={{ route: { page: "service", service: span.service }, spanId: null }}
            class="row-link"
          >
            <ServiceName service={span.service} />
          </ViewLink>
        </dd>
        <dt>{t("trace.status")}</dt>
        <dd class={span.status === "error" ? "is-failing" : ""}>
          {t(STATUS_KEYS[span.status])}
          {span.statusMessage !== "" && `: ${span.statusMessage}`}
          {node.isErrorOrigin && ` (${t("trace.origin")})`}
        </dd>
        <dt>{t("column.duration")}</dt>
        <dd class="number">{seconds(span.durationMs)}</dd>
        <dt>{t("trace.self-time")}</dt>
        <dd class="number">{seconds(node.selfMs)}</dd>
        <dt>{t("trace.offset")}</dt>
        <dd class="number">{seconds(span.startMs - tree.startMs)}</dd>
        <dt>{t("trace.kind")}</dt>
        <dd>
          <code>{span.kind}</code>
        </dd>
        <dt>{t("trace.span-id")}</dt>
        <dd>
          <code>{span.spanId}</code>
        </dd>
      </dl>
      <h3>{t("trace.attributes")}</h3>
      {attributes.length === 0 ? (
        <p class="quiet">{t("trace.no-attributes")}</p>
      ) : (
        <dl class="facts">
          {attributes.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      {span.events.length > 0 && (
        <>
          <h3>{t("trace.events")}</h3>
          <dl class="facts">
            {span.events.map(({ name, timeMs }) => (
              <Fact
                key={`${name} ${timeMs}`}
                name={`+${seconds(timeMs - span.startMs)}`}
                value={name}
              />
            ))}
          </dl>
        </>
      )}
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  );
}
