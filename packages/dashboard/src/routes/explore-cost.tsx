import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnswerNotes } from "../data/explore-requests.ts";

/** What an answer cost the server, after what it has, and what the server remarks on it. */
export function ExploreCost({ stats, notes }: AnswerNotes): VNode {
  const { t, format } = useApp();
  return (
    <>
      {stats &&
        `; ${t("explore.cost", {
          samples: stats.samplesRead,
          series: stats.seriesRead,
          time: format.quantity(stats.durationMs / 1000, "s"),
        })}`}
      {notes.map((note) => (
        <span key={note} class="explore-note">
          {note}
        </span>
      ))}
    </>
  );
}
