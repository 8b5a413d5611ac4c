import type { DataAnswer, DataShare } from "@avx/server/contract";
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { promqlString } from "../data/prometheus.ts";
import { type PlainRow, PlainTable } from "../elements/plain-table.tsx";
import { ViewLink } from "../elements/view-link.tsx";

type Kind = "metrics" | "services" | "labels";
type Order = "series" | "bytesPerDay";
/** A label of a thousand values is a carpet; the fullest say where they come from. */
const SHOWN_VALUES = 20;
/** Below it a count is written out. */
const FEW = 10_000;

/** Where the series come from: metrics, services or labels, by series or by bytes. */
export function CardinalityPanel({ data }: { readonly data: DataAnswer }): VNode {
  const { t } = useApp();
  const [kind, setKind] = useState<Kind>("metrics");
  const [order, setOrder] = useState<Order>("series");
  const [query, setQuery] = useState("");
  const isFound = ({ name }: { readonly name: string }): boolean =>
    name.toLowerCase().includes(query.trim().toLowerCase());
  const kinds: SegmentsProps<Kind>["options"] = [
    { key: "metrics", name: t("data.metrics") },
    { key: "services", name: t("data.services") },
    { key: "labels", name: t("data.labels") },
  ];
  const orders: SegmentsProps<Order>["options"] = [
    { key: "series", name: t("data.by-series") },
    { key: "bytesPerDay", name: t("data.by-bytes") },
  ];
  return (
    <section class="panel">
      <div class="data-head">
        <h2 class="panel-title">{t("data.cardinality")}</h2>
        <Segments label={t("data.cardinality")} options={kinds} chosen={kind} onChoose={setKind} />
        {kind !== "labels" && (
          <Segments label={t("data.order")} options={orders} chosen={order} onChoose={setOrder} />
        )}
        <input
          class="input"
          type="search"
          aria-label={t("data.find")}
          placeholder={t("data.find")}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      {kind === "labels" ? (
        <Labels labels={data.labels.filter(isFound)} />
      ) : (
        <Shares kind={kind} order={order} data={{ ...data, [kind]: data[kind].filter(isFound) }} />
      )}
    </section>
  );
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly key: T; readonly name: string }[];
  readonly chosen: T;
  readonly onChoose: (next: T) => void;
}

function Segments<T extends string>({ label, options, chosen, onChoose }: SegmentsProps<T>): VNode {
  return (
    <fieldset class="segments" aria-label={label}>
      {options.map(({ key, name }) => (
        <button key={key} type="button" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}

interface SharesProps {
  readonly kind: "metrics" | "services";
  readonly order: Order;
  readonly data: DataAnswer;
}

function Shares({ kind, order, data }: SharesProps): VNode {
  const { t, format } = useApp();
  const all: readonly DataShare[] = data[kind];
  const most = Math.max(1, ...all.map((one) => one[order]));
  const refusals = new Map(data.services.map((one) => [one.name, one]));
  const number = (value: number): string =>
    value < FEW ? format.integer(value) : format.quantity(value, "1");
  const rows = [...all]
    .sort((a, b) => b[order] - a[order])
    .map((one): PlainRow => {
      const own = kind === "services" ? refusals.get(one.name) : undefined;
      const cells = [
        kind === "metrics" ? (
          <ExploreLink expression={`{__name__=${promqlString(one.name)}}`}>{one.name}</ExploreLink>
        ) : (
          <ViewLink to={{ service: one.name }} class="row-link">
            {one.name === "" ? t("data.no-service") : one.name}
          </ViewLink>
        ),
        <Bar key="bar" share={one[order] / most} text={format.integer(one.series)} />,
        number(one.samples),
        format.quantity(one.bytesPerDay, "By"),
      ];
      const more = own && [own.refused, own.duplicates, own.late].map(number);
      return { key: one.name, cells: more ? [...cells, ...more] : cells };
    });
  const columns = [
    { name: t(kind === "metrics" ? "data.metric" : "column.service") },
    { name: t("data.series-column"), isNumber: true },
    { name: t("data.samples"), isNumber: true },
    { name: t("data.bytes"), isNumber: true },
    ...(kind === "services"
      ? [t("data.refused"), t("data.duplicates"), t("data.late")].map((name) => ({
          name,
          isNumber: true,
        }))
      : []),
  ];
  return <Listing caption={t("data.cardinality")} columns={columns} rows={rows} />;
}

function Labels({ labels }: Pick<DataAnswer, "labels">): VNode {
  const { t, format } = useApp();
  const most = Math.max(1, ...labels.map(({ values }) => values));
  const rows = labels.map(({ name, values, series }) => {
    const selector = `{${promqlString(name)}!=""}`;
    const expression = `topk(${SHOWN_VALUES}, count by (${promqlString(name)}) (${selector}))`;
    return {
      key: name,
      cells: [
        <ExploreLink key="name" expression={expression}>
          {name}
        </ExploreLink>,
        <Bar key="bar" share={values / most} text={format.integer(values)} />,
        format.integer(series),
      ],
    };
  });
  const columns = [
    { name: t("data.label") },
    { name: t("data.values"), isNumber: true },
    { name: t("data.series-column"), isNumber: true },
  ];
  return <Listing caption={t("data.cardinality")} columns={columns} rows={rows} />;
}

function Listing(props: Parameters<typeof PlainTable>[0]): VNode {
  const { t } = useApp();
  if (props.rows.length === 0) return <p class="quiet">{t("data.none-found")}</p>;
  return (
    <section
      class="data-scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable
      tabIndex={0}
      aria-label={props.caption}
    >
      <PlainTable {...props} />
    </section>
  );
}

interface LinkProps {
  readonly expression: string;
  readonly children: ComponentChildren;
}

/** A name that leads to its series on the metrics page. */
export function ExploreLink({ expression, children }: LinkProps): VNode {
  return (
    <ViewLink to={{ route: { page: "explore" }, expression, asTable: true }} class="row-link">
      <code>{children}</code>
    </ViewLink>
  );
}

function Bar({ share, text }: { readonly share: number; readonly text: string }): VNode {
  return (
    <span class="data-bar">
      <span
        class="duration-bar"
        style={{ width: `${Math.min(1, share) * 100}%` }}
        aria-hidden="true"
      />
      <span class="duration-text">{text}</span>
    </span>
  );
}
