import { useEffect, useRef, useState } from "preact/hooks";

/** The text of the editor, before it is run. */
export interface Draft {
  /** As it was when the page was last drawn. */
  readonly text: string;
  /** What the editor must show; a new object replaces the text in it, even if it reads the same. */
  readonly written: { readonly text: string };
  /** The text at this moment. */
  readonly latest: () => string;
  /** The editor's text changed. */
  readonly onText: (text: string) => void;
  /** Puts a text into the editor. */
  readonly write: (text: string) => void;
}

/** A draft that begins with the expression of the URL, and anew whenever that changes. */
export function useDraft(expression: string): Draft {
  const latest = useRef(expression);
  const [text, setText] = useState(expression);
  const [written, setWritten] = useState({ text: expression });
  const onText = (next: string): void => {
    latest.current = next;
    setText(next);
  };
  const write = (next: string): void => {
    onText(next);
    setWritten({ text: next });
  };
  useEffect(() => {
    if (latest.current !== expression) write(expression);
  }, [expression]);
  return { text, written, latest: () => latest.current, onText, write };
}
