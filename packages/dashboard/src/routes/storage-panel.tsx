import type { SignalStorage } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { useCapacity } from "../data/capacity-request.ts";
import { useStorage } from "../data/data-requests.ts";
import { dataOf } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { PlainTable } from "../elements/plain-table.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { NO_VALUE } from "../format/formatter.ts";
import { outlookWords } from "./capacity-words.ts";

const NAMES = {
  metrics: "data.metrics",
  rollups: "storage.rollups",
  traces: "nav.traces",
  logs: "storage.logs",
  documents: "storage.documents",
  events: "storage.events",
} as const;

/** What each signal takes of the disk, how long it is kept, and what it will take then. */
export function StoragePanel(): VNode {
  const { t } = useApp();
  const answer = useStorage();
  return (
    <section class="panel">
      <h2 class="panel-title">{t("storage.title")}</h2>
      <DiskOutlook />
      <AnswerView answer={answer} what={t("storage.what")} isPart>
        {({ signals }) =>
          signals.length === 0 ? (
            <p class="quiet">{t("storage.none")}</p>
          ) : (
            <StorageTable signals={signals} />
          )
        }
      </AnswerView>
    </section>
  );
}

/** The disk as a whole, from the capacity forecasts; nothing until they are known. */
function DiskOutlook(): VNode | null {
  const app = useApp();
  const { t, format } = app;
  const capacity = dataOf(useCapacity());
  const disk = capacity?.rows.find(({ resource }) => resource === "disk");
  if (!capacity || !disk) return null;
  const { line, detail } = outlookWords(disk, capacity.madeMs, app);
  return (
    <p class="quiet">
      {t("storage.disk", {
        used: format.quantity(disk.current, "By"),
        size: format.quantity(disk.limit, "By"),
      })}
      {` · ${line}`}
      {detail !== "" && ` · ${detail}`}{" "}
      <ViewLink to={{ route: { page: "capacity" } }} class="text-link">
        {t("nav.capacity")}
      </ViewLink>
    </p>
  );
}

function StorageTable({ signals }: { readonly signals: readonly SignalStorage[] }): VNode {
  const { t, format } = useApp();
  const bytes = (value: number | null): string => format.quantity(value, "By");
  const columns = [
    { name: t("storage.signal") },
    { name: t("storage.bytes"), isNumber: true },
    { name: t("storage.log"), isNumber: true },
    { name: t("storage.oldest"), isNumber: true },
    { name: t("storage.retention"), isNumber: true },
    { name: t("data.bytes"), isNumber: true },
    { name: t("storage.full"), isNumber: true },
  ];
  const rows = signals.map((one) => ({
    key: one.signal,
    cells: [
      t(NAMES[one.signal]),
      bytes(one.bytes),
      bytes(one.logBytes),
      one.oldestMs === null ? NO_VALUE : format.day(one.oldestMs),
      one.retentionMs === null ? t("storage.for-ever") : format.length(one.retentionMs),
      bytes(one.bytesPerDay),
      bytes(one.bytesAtFullRetention),
    ],
  }));
  const sum = (of: (one: SignalStorage) => number | null): string => {
    const known = signals.map(of).filter((value) => value !== null);
    return bytes(known.length === 0 ? null : known.reduce((all, one) => all + one, 0));
  };
  const total = {
    key: "total",
    cells: [
      <strong key="name">{t("storage.total")}</strong>,
      sum((one) => one.bytes),
      sum((one) => one.logBytes),
      "",
      "",
      sum((one) => one.bytesPerDay),
      sum((one) => one.bytesAtFullRetention),
    ],
  };
  return <PlainTable caption={t("storage.title")} columns={columns} rows={[...rows, total]} />;
}
