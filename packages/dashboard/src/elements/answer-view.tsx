import type { ComponentChildren, VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { Answer } from "../data/use-answer.ts";
import { ErrorPicture } from "./error-picture.tsx";
import { LoadingPicture } from "./loading-picture.tsx";
import { StaleNotice } from "./stale-notice.tsx";

interface Props<T> {
  readonly answer: Answer<T>;
  /** What is loaded, as the object of a sentence. */
  readonly what: string;
  /** A part of a page says in a line that it is old; the page says it at length. */
  readonly isPart?: boolean;
  readonly children: (data: T) => ComponentChildren;
}

/** Draws an answer: waiting, failed, old, or its data by `children`. */
export function AnswerView<T>({ answer, what, isPart = false, children }: Props<T>): VNode {
  const { t, format } = useApp();
  switch (answer.kind) {
    case "loading":
      return <LoadingPicture what={what} sinceMs={answer.sinceMs} />;
    case "error":
      return <ErrorPicture what={what} failure={answer.failure} />;
    case "ready":
      return (
        <>
          {answer.failure && !isPart && (
            <StaleNotice receivedMs={answer.receivedMs} failure={answer.failure} />
          )}
          {answer.failure && isPart && (
            <p class="stale-line">
              {t("state.stale-short", { time: format.time(answer.receivedMs) })}
            </p>
          )}
          {children(answer.data)}
        </>
      );
  }
}
