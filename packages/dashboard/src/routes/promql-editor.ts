import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap, toggleComment } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type LintSource, linter, nextDiagnostic } from "@codemirror/lint";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { LanguageType, promQLLanguage } from "@prometheus-io/codemirror-promql";
import { HybridComplete } from "@prometheus-io/codemirror-promql/dist/esm/complete/hybrid.js";
import { HybridLint } from "@prometheus-io/codemirror-promql/dist/esm/lint/hybrid.js";
import { completionSource } from "./completion-source.ts";
import { completeOwnFunctions, leaveOwnFunctions } from "./own-functions.ts";

/** What the editor starts with and whom it tells. */
export interface EditorSetup {
  readonly text: string;
  readonly label: string;
  readonly onText: (text: string) => void;
  readonly onRun: () => void;
}

/** A running editor. */
export interface PromqlEditor {
  text(): string;
  setText(text: string): void;
  destroy(): void;
}

/** Colours are those of the theme: CSS variables reach into the shadow tree. */
const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--series-2)" },
  { tag: tags.function(tags.variableName), color: "var(--series-0)" },
  { tag: tags.labelName, color: "var(--series-1)" },
  { tag: tags.string, color: "var(--series-4)" },
  { tag: tags.number, color: "var(--series-3)" },
  { tag: tags.comment, color: "var(--text-muted)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--failing)" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--field)", fontSize: "14px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-content": {
    fontFamily: "ui-monospace, Menlo, monospace",
    padding: "8px 4px",
    caretColor: "var(--text)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--text)",
    border: "1px solid var(--line)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text)",
  },
  ".cm-completionDetail": { color: "var(--text-muted)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--failing)" },
});

/**
 * Starts an editor for PromQL in `host`: completion of functions, and of metrics, labels and values
 * from the server; errors where they are. It lives in a shadow tree, as CodeMirror then puts its
 * styles in by constructed sheets, which a policy without inline styles allows.
 */
export function startPromqlEditor(host: HTMLElement, setup: EditorSetup): PromqlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: setup.text, extensions: extensions(setup) }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    destroy: () => view.destroy(),
  };
}

/**
 * Prometheus' PromQL mode, put together from its parts: its own entry point would bring an HTTP
 * client and a cache that the page has already.
 */
function promqlMode(): Extension {
  const complete = new HybridComplete(completionSource());
  // Its types speak of CodeMirror's CommonJS build; what runs is the one module of the bundle.
  const lint = new HybridLint().promQL() as unknown as LintSource;
  const language = promQLLanguage(LanguageType.PromQL);
  return [
    language,
    language.data.of({ autocomplete: complete.promQL.bind(complete) }),
    linter(leaveOwnFunctions(lint)),
  ];
}

function extensions({ label, onText, onRun }: EditorSetup): Extension[] {
  const run = (): boolean => {
    onRun();
    return true;
  };
  return [
    promqlMode(),
    completeOwnFunctions(),
    syntaxHighlighting(HIGHLIGHT),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    EditorView.lineWrapping,
    LOOK,
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString());
    }),
    // Tab is not bound: it must leave the editor.
    Prec.highest(
      keymap.of([
        { key: "Mod-Enter", run },
        { key: "Shift-Enter", run },
      ]),
    ),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      { key: "F8", run: nextDiagnostic },
      { key: "Mod-/", run: toggleComment },
      ...standardKeymap,
    ]),
  ];
}
