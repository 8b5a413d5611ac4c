import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./app-context.ts";
import type { ApiFailure } from "./data/api-client.ts";
import { ErrorPicture } from "./elements/error-picture.tsx";

interface Props<P> {
  /** Loads the component; must be the same function on each draw. */
  readonly load: () => Promise<ComponentType<P>>;
  readonly props: P;
  /** Keeps the place until the code is there, so that what is below does not move. */
  readonly placeholder?: VNode;
}

type State<P> =
  | { readonly kind: "waiting" }
  | { readonly kind: "ready"; readonly component: ComponentType<P> }
  | { readonly kind: "failed"; readonly failure: ApiFailure };

/** Draws a part of the page whose code is loaded when it is first needed. */
export function Lazy<P extends object>({ load, props, placeholder }: Props<P>): VNode | null {
  const { t, refreshes } = useApp();
  const [state, setState] = useState<State<P>>({ kind: "waiting" });
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (component) => {
        if (isCurrent) setState({ kind: "ready", component });
      },
      (cause: unknown) => {
        if (isCurrent) setState({ kind: "failed", failure: loadFailure(cause) });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [load, refreshes]);
  if (state.kind === "ready") {
    const Component = state.component;
    return <Component {...props} />;
  }
  if (state.kind === "waiting") return placeholder ?? null;
  return <ErrorPicture what={t("app.name")} failure={state.failure} />;
}

/** A module that cannot be fetched is a TypeError; anything else was thrown by the module itself. */
function loadFailure(cause: unknown): ApiFailure {
  return cause instanceof TypeError
    ? { kind: "network", status: 0, detail: "" }
    : { kind: "answer", status: 0, detail: String(cause) };
}
