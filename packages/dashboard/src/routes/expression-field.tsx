import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import type { PromqlEditor } from "./promql-editor.ts";

interface Props {
  /** What the field must show; a new object replaces what is in it. */
  readonly written: { readonly text: string };
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
}

/** The expression: a plain field at once, the PromQL editor as soon as it has been loaded. */
export function ExpressionField({ written, onText, onRun }: Props): VNode {
  const { t, language } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<PromqlEditor | null>(null);
  const [draft, setDraft] = useState(written.text);
  const type = (next: string): void => {
    setDraft(next);
    onText(next);
  };
  const latest = useRef({ draft, type, onRun });
  latest.current = { draft, type, onRun };
  const [hasEditor, setHasEditor] = useState(false);
  const label = t("explore.expression");
  useEffect(() => {
    let isCurrent = true;
    void import("./promql-editor.ts").then(
      ({ startPromqlEditor }) => {
        if (!isCurrent || !host.current) return;
        editor.current = startPromqlEditor(host.current, {
          text: latest.current.draft,
          label,
          onText: (next) => latest.current.type(next),
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
    setDraft(written.text);
    if (editor.current && editor.current.text() !== written.text)
      editor.current.setText(written.text);
  }, [written]);
  return (
    <div class="expression">
      <div ref={host} class="expression-editor" hidden={!hasEditor} />
      {!hasEditor && (
        <textarea
          class="input expression-plain"
          aria-label={label}
          rows={1}
          spellcheck={false}
          value={draft}
          onInput={(event) => type(event.currentTarget.value)}
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
