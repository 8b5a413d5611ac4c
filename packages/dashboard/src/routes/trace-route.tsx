import "../styles/waterfall.css";
import type { TraceAnswer } from "@avx/server/contract";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { firstErrorOrigin, spanTree, visibleRows } from "../charts/span-tree.ts";
import { traceRequest } from "../data/avx-requests.ts";
import { useAnswer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { Icon } from "../elements/icon.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { ServiceShareTable } from "./service-share-table.tsx";
import { SpanDetails } from "./span-details.tsx";
import { Waterfall } from "./waterfall.tsx";

const NOT_FOUND = 404;

/** One trace as a waterfall, with the details of the chosen span. */
export function TraceRoute({ traceId }: { readonly traceId: string }): VNode {
  const { t, nowMs, refreshes } = useApp();
  const turns = { always: refreshes, afterFailure: nowMs };
  const answer = useAnswer(`trace ${traceId}`, traceRequest(traceId), turns);
  if (answer.kind === "error" && answer.failure.status === NOT_FOUND)
    return (
      <EmptyPicture
        title={t("trace.not-found", { id: traceId.slice(0, 32) })}
        step={t("trace.not-found-step")}
      >
        <ViewLink to={{ route: { page: "traces" } }} class="button">
          {t("trace.back")}
        </ViewLink>
      </EmptyPicture>
    );
  return (
    <AnswerView answer={answer} what={t("trace.what")}>
      {(trace) =>
        trace.spans.length === 0 ? (
          <EmptyPicture title={t("trace.empty")} step={t("trace.not-found-step")} />
        ) : (
          <TraceView trace={trace} />
        )
      }
    </AnswerView>
  );
}

function TraceView({ trace }: { readonly trace: TraceAnswer }): VNode {
  const { t, format, view, navigate } = useApp();
  const tree = useMemo(() => spanTree(trace.spans), [trace]);
  const origin = useMemo(() => firstErrorOrigin(tree), [tree]);
  const all = useMemo(() => visibleRows(tree, new Set()), [tree]);
  const chosen = all.find(({ span }) => span.spanId === view.spanId) ?? null;
  const root = tree.roots[0];
  const choose = (spanId: string | null): void => navigate({ spanId });
  return (
    <>
      <div class="page-head trace-head">
        <h1>
          {root && <ServiceName service={root.span.service} />}{" "}
          <bdi class="trace-name">{root?.span.name}</bdi>
        </h1>
        <p class="quiet">
          {format.dateTime(tree.startMs)} ·{" "}
          {t("trace.summary", {
            duration: format.quantity((tree.endMs - tree.startMs) / 1000, "s"),
            spans: trace.spans.length,
            services: tree.services.length,
          })}
          {" · "}
          <code class="trace-id">{trace.traceId}</code>
        </p>
        <span class="head-links">
          {origin && (
            <button
              type="button"
              class="button button-failing"
              onClick={() => choose(origin.span.spanId)}
            >
              <Icon name="failing" />
              {t("trace.go-origin")}
            </button>
          )}
          <ViewLink to={{ route: { page: "traces" }, spanId: null }} class="button">
            {t("trace.back")}
          </ViewLink>
        </span>
      </div>
      <div class={chosen ? "trace-columns has-details" : "trace-columns"}>
        <Waterfall tree={tree} chosenId={view.spanId} onChoose={choose} />
        {chosen && <SpanDetails node={chosen} tree={tree} onClose={() => choose(null)} />}
      </div>
      <ServiceShareTable tree={tree} />
    </>
  );
}
