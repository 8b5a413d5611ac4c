import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import type { PromqlEditor } from "./promql-editor.ts";

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
}

/** The expression: a plain field at once, the PromQL editor as soon as it has been loaded. */
export function ExpressionField({ text, onText, onRun }: Props): VNode {
  const { t, language } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<PromqlEditor | null>(null);
  const latest = useRef({ text, onText, onRun });
  latest.current = { text, onText, onRun };
  const [hasEditor, setHasEditor] = useState(false);
  const label = t("explore.expression");
  useEffect(() => {
    let isCurrent = true;
    void import("./promql-editor.ts").then(
      ({ startPromqlEditor }) => {
        if (!isCurrent || !host.current) return;
        editor.current = startPromqlEditor(host.current, {
          text: latest.current.text,
          label,
          onText: (next) => latest.current.onText(next),
          onRun: () => latest.current.onRun(),
        });
        setHasEditor(true);
      },
      // Without the editor the plain field stays, and everything works.
      () => {},
    );
    return () => {
      isCurrent = false;
      editor.current?.destroy();
      editor.current = null;
      setHasEditor(false);
    };
  }, [label, language]);
  useEffect(() => {
    if (editor.current && editor.current.text() !== text) editor.current.setText(text);
  }, [text]);
  return (
    <div class="expression">
      <div ref={host} class="expression-editor" hidden={!hasEditor} />
      {!hasEditor && (
        <textarea
          class="input expression-plain"
          aria-label={label}
          rows={1}
          spellcheck={false}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onRun();
          }}
        />
      )}
    </div>
  );
}
