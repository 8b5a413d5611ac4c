import type { ComponentChildren, VNode } from "preact";
import type { Answer } from "../data/use-answer.ts";
import { ErrorPicture } from "./error-picture.tsx";
import { LoadingPicture } from "./loading-picture.tsx";
import { StaleNotice } from "./stale-notice.tsx";

interface Props<T> {
  readonly answer: Answer<T>;
  /** What is loaded, as the subject of a sentence. */
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}

/** Draws an answer: waiting, failed, old, or its data by `children`. */
export function AnswerView<T>({ answer, what, children }: Props<T>): VNode {
  switch (answer.kind) {
    case "loading":
      return <LoadingPicture what={what} sinceMs={answer.sinceMs} />;
    case "error":
      return <ErrorPicture what={what} failure={answer.failure} />;
    case "ready":
      return (
        <>
          {answer.failure && (
            <StaleNotice receivedMs={answer.receivedMs} failure={answer.failure} />
          )}
          {children(answer.data)}
        </>
      );
  }
}
