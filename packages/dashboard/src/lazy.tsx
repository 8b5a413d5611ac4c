import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./app-context.ts";
import type { ApiFailure } from "./data/api-client.ts";
import { ErrorPicture } from "./elements/error-picture.tsx";
import { hasTexts, loadTexts, type TextPart } from "./i18n/load-texts.ts";

interface Props<P> {
  /** Loads the component; must be the same function on each draw. */
  readonly load: () => Promise<ComponentType<P>>;
  readonly props: P;
  /** The texts that the component shows besides those of `core`; the same list on each draw. */
  readonly texts?: readonly TextPart[];
  /** Keeps the place until the code is there, so that what is below does not move. */
  readonly placeholder?: VNode;
}

type State<P> =
  | { readonly kind: "waiting" }
  | { readonly kind: "ready"; readonly component: ComponentType<P> }
  | { readonly kind: "failed"; readonly failure: ApiFailure };

const NO_TEXTS: readonly TextPart[] = [];

/** Draws a part of the page whose code and texts are loaded when it is first needed. */
export function Lazy<P extends object>(parts: Props<P>): VNode | null {
  const { load, props, texts = NO_TEXTS, placeholder } = parts;
  const { t, refreshes, language } = useApp();
  const [state, setState] = useState<State<P>>({ kind: "waiting" });
  useEffect(() => {
    let isCurrent = true;
    Promise.all([load(), ...texts.map((part) => loadTexts(language, part))]).then(
      ([component]) => {
        if (isCurrent) setState({ kind: "ready", component });
      },
      (cause: unknown) => {
        if (isCurrent) setState({ kind: "failed", failure: loadFailure(cause) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [load, texts, language, refreshes]);
  if (state.kind === "ready" && texts.every((part) => hasTexts(language, part))) {
    const Component = state.component;
    return <Component {...props} />;
  }
  if (state.kind !== "failed") return placeholder ?? null;
  return <ErrorPicture what={t("app.name")} failure={state.failure} />;
}

/** A module that cannot be fetched is a TypeError; anything else was thrown by the module itself. */
function loadFailure(cause: unknown): ApiFailure {
  return cause instanceof TypeError
    ? { kind: "network", status: 0, detail: "" }
    : { kind: "answer", status: 0, detail: String(cause) };
}
